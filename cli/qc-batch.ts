import { open, rename, rm } from 'node:fs/promises';
import { parse } from 'node:path';
import { exitCodeOf, toErrorDocument } from '#core/errors';
import { type ClipJudge, openClipJudge } from '#workloads/clip-qc/judge-file';
import { type Prediction, toPrediction } from '#workloads/clip-qc/prediction';
import { inOrder } from './in-order.ts';
import { interruptSignal } from './interrupt.ts';
import { clipsIn } from './qc-files.ts';
import { type QcOptions, qcModel, qcParams } from './qc-options.ts';

/** `qc batch`: a line a clip; one that failed is no clean one, and the command then ends with the first failure's code. */
export async function judgeFolder(
  { input, output, workers, ...options }: QcOptions & { input: string; output: string; workers: number },
  json: boolean,
): Promise<void> {
  const signal = interruptSignal();
  const params = await qcParams(options);
  const clips = await clipsIn(input);
  const judge = await openClipJudge(await qcModel(params), params);
  const building = `${output}.${process.pid}.partial`;
  const counts = { clips: clips.length, artifacts: 0, failed: 0 };
  const file = await open(building, 'w');
  try {
    for await (const line of inOrder(clips, workers, (path) => lineOf(path, judge, signal))) {
      if ('error' in line) counts.failed += 1;
      else if (line.artifact) counts.artifacts += 1;
      await file.write(`${JSON.stringify(line)}\n`);
    }
    await file.close();
    await rename(building, output);
  } finally {
    await judge.close();
    await file.close();
    await rm(building, { force: true });
  }
  if (json) process.stdout.write(`${JSON.stringify({ event: 'judged', output, ...counts })}\n`);
  else
    process.stdout.write(
      `${output}: ${counts.clips} clips, ${counts.artifacts} with an artifact, ${counts.failed} failed\n`,
    );
}

type Line = Prediction | { clip_id: string; error: string };

async function lineOf(path: string, judge: ClipJudge, signal: AbortSignal): Promise<Line> {
  try {
    return toPrediction(await judge.judge(path, signal));
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toErrorDocument(thrown);
    process.exitCode ??= exitCodeOf(error);
    return { clip_id: parse(path).name, error: `${error.name}: ${error.message}` };
  }
}
