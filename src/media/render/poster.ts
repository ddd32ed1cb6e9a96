import { startFfmpeg } from '../ffmpeg.ts';
import { bitDepthFor, type Codec, frameFacts } from './encoders.ts';
import { encodeFailure, evenSize } from './render-segment.ts';
import type { PictureFacts } from './survey-log.ts';

export interface PosterRequest {
  /** A raw picture as a segment's encoder got it. */
  picture: Uint8Array;
  facts: PictureFacts;
  codec: Codec;
  folder: string;
  file: string;
  signal?: AbortSignal | undefined;
}

/** Writes a drawn picture as a JPEG. @throws ToolError when ffmpeg can't, ResourceError when the disk is full. */
export async function writePoster({ picture, facts, codec, folder, file, signal }: PosterRequest): Promise<void> {
  const { width, height } = evenSize(facts);
  const format = bitDepthFor(codec, facts) === 8 ? 'yuv420p' : 'yuv420p10le';
  const encoder = await startFfmpeg({
    input: {
      source: 'stdin',
      options: ['-f', 'rawvideo', '-pixel_format', format, '-video_size', `${width}x${height}`],
    },
    output: {
      target: file,
      options: [
        ...[
          '-vf',
          `${frameFacts(facts)},scale=out_color_matrix=bt601:out_range=full,format=yuv420p,setparams=range=full`,
        ],
        ...['-frames:v', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '3'],
        ...['-flags:v', '+bitexact', '-fflags', '+bitexact', '-update', '1', '-f', 'image2'],
      ],
    },
    folder,
    signal,
  });
  encoder.stdin.end(picture);
  const end = await encoder.ended;
  signal?.throwIfAborted();
  if (end.exitCode !== 0) throw encodeFailure(file, end);
}
