import { startFfmpeg } from '../ffmpeg.ts';
import { encodeFailure } from './render-segment.ts';

export interface PosterRequest {
  /** A video of our own. */
  path: string;
  /** When the frame is shown. */
  seconds: number;
  folder: string;
  file: string;
  signal?: AbortSignal | undefined;
}

/** Writes the frame on screen at a second as a JPEG. @throws ToolError when there is none. */
export async function writePoster({ path, seconds, folder, file, signal }: PosterRequest): Promise<void> {
  // Half a millisecond earlier, so that rounding does not give the frame after.
  const from = Math.max(0, seconds - 0.0005).toFixed(6);
  const process = await startFfmpeg({
    input: { source: { path }, options: ['-ss', from] },
    output: {
      target: file,
      options: [
        ...[
          '-map',
          '0:v:0',
          '-frames:v',
          '1',
          '-vf',
          'scale=out_color_matrix=bt601:out_range=full,format=yuv420p,setparams=range=full',
        ],
        ...['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '3', '-flags:v', '+bitexact', '-fflags', '+bitexact'],
        ...['-update', '1', '-f', 'image2'],
      ],
    },
    folder,
    signal,
  });
  const end = await process.ended;
  signal?.throwIfAborted();
  if (end.exitCode !== 0) throw encodeFailure(file, end);
}
