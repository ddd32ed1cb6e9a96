import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputNotFoundError } from '#core/errors';
import { openTextReader } from '#inference/text/open-text-reader';
import { openClipClassifier } from '#workloads/clip-qc/classify';
import { readLabels } from '#workloads/clip-qc/evaluation/labels';
import { type Evaluation, type JudgedClip, scoresOf } from '#workloads/clip-qc/evaluation/scores';
import { verdictOn } from '#workloads/clip-qc/judge-clip';
import { interruptSignal } from './interrupt.ts';
import { writeOutputFolder } from './output-folder.ts';
import { measureLabelled } from './qc-features.ts';
import { type QcOptions, qcModel, qcParams } from './qc-options.ts';

export interface EvalOptions extends QcOptions {
  labels: string;
  output: string;
  workers: number;
  /** A file of features that were measured before; new ones are added. */
  features?: string;
}

/** `qc eval`: judges labelled clips and writes eval_results.json. A clip that failed makes the command fail. */
export async function evaluateLabels(options: EvalOptions, json: boolean): Promise<void> {
  const { labels, output, workers } = options;
  const signal = interruptSignal();
  const params = await qcParams(options);
  const clips = readLabels(await readText(labels), labels);
  const { name, version, sha256, folder } = await qcModel(params);
  const evaluation = await writeOutputFolder(output, async (building) => {
    const classifier = await openClipClassifier(folder);
    const judged: JudgedClip[] = [];
    const failed: Evaluation['failed_clips'] = [];
    const reader = await openTextReader(params.textEngine);
    const request = { reader, folder: dirname(labels), params, cache: options.features, workers, signal };
    try {
      for await (const found of measureLabelled(clips, request)) {
        const { clip_id: clipId, artifact_category: expected } = found.clip;
        if ('error' in found) failed.push({ clip_id: clipId, error: found.error });
        else {
          const { category } = await verdictOn(found.features, found.frames, classifier, params.threshold);
          judged.push({ clipId, expected, found: category });
        }
      }
    } finally {
      await Promise.all([classifier.close(), reader.close()]);
    }
    const result: Evaluation = {
      model: { name, version, sha256 },
      text_engine: reader.engine,
      threshold: params.threshold,
      ...scoresOf(judged),
      failed_clips: failed,
    };
    await writeFile(join(building, 'eval_results.json'), `${JSON.stringify(result, null, 2)}\n`);
    return result;
  });
  if (evaluation.failed_clips.length > 0) process.exitCode = 65;
  print(evaluation, output, json);
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InputNotFoundError(`${path} can't be read. Give the path of a CSV file of labels.`, { cause });
  });
}

function print(evaluation: Evaluation, output: string, json: boolean): void {
  const { clips, criteria, failed_clips: failed, per_class: scores } = evaluation;
  if (json) {
    process.stdout.write(`${JSON.stringify({ event: 'evaluated', output, clips, failed: failed.length, criteria })}\n`);
    return;
  }
  const rows = Object.entries(scores).map(
    ([name, { precision, recall, f1, support }]) =>
      `${name.padEnd(20)} ${String(support).padStart(4)} clips  precision ${precision.toFixed(3)}  recall ${recall.toFixed(3)}  F1 ${f1.toFixed(3)}\n`,
  );
  const told = failed.map(({ clip_id: id, error }) => `✗ ${id}: ${error}\n`);
  process.stdout.write([...rows, ...told, `${join(output, 'eval_results.json')}\n`].join(''));
}
