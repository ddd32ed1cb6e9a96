import { join } from 'node:path';
import { InputError } from '#core/errors';
import { type ExtractSummary, extractFrames } from '#media/frames';
import { samplingOf } from '#workloads/dataset/sampling';
import { interruptSignal } from './interrupt.ts';
import { writeOutputFolder } from './output-folder.ts';
import { readVideo } from './video-file.ts';

export interface ExtractOptions {
  video: string;
  output: string;
  every?: number | undefined;
  fps?: number | undefined;
  times?: number[] | undefined;
  blurThreshold: number;
  dedupDistance: number;
  blur: boolean;
  dedup: boolean;
  quality: number;
  all?: boolean;
}

/** The `extract` stage alone: frames and frames.jsonl in a folder. A cut video gives what there is, and exit code 65. */
export async function extractFiles(options: ExtractOptions, json: boolean): Promise<void> {
  const signal = interruptSignal();
  requireOneSampling(options);
  const { path, media } = await readVideo(options.video);
  const summary = await writeOutputFolder(options.output, (folder) =>
    extractFrames({
      path,
      media,
      sampling: samplingOf(options),
      blur: options.blur ? { threshold: options.blurThreshold } : undefined,
      dedup: options.dedup ? { maxDistance: options.dedupDistance } : undefined,
      quality: options.quality,
      keepAll: options.all === true,
      folder,
      recordsPath: join(folder, 'frames.jsonl'),
      signal,
    }),
  );
  tell(summary, options.output, json);
  if (summary.stoppedAt) process.exitCode = 65;
}

function requireOneSampling({ every, fps, times }: ExtractOptions): void {
  if ([every, fps, times].filter((given) => given !== undefined).length <= 1) return;
  throw new InputError('Give one of --every, --fps and --times, not several.');
}

function tell(summary: ExtractSummary, output: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ event: 'extracted', output, ...summary })}\n`);
    return;
  }
  const { decoded, sampled, kept, blurry, duplicates, stoppedAt } = summary;
  process.stdout.write(
    `${output}: ${kept} frames kept of ${sampled} sampled (${decoded} decoded, ${blurry} blurry, ${duplicates} near-duplicates)\n`,
  );
  if (stoppedAt)
    process.stderr.write(
      `The video stopped at frame ${stoppedAt.frame}, ${stoppedAt.seconds.toFixed(3)} s: ${stoppedAt.reason}\n`,
    );
}
