import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MediaError, ToolError } from '#core/errors';
import { openTextReader } from '#inference/text/open-text-reader';
import { readLabels } from '#workloads/clip-qc/evaluation/labels';
import { FEATURE_SET, FEATURE_SETS } from '#workloads/clip-qc/features/feature-set';
import { interruptSignal } from './interrupt.ts';
import { type MeasuredClip, measureLabelled } from './qc-features.ts';
import { type QcOptions, qcParams } from './qc-options.ts';

const TRAINER = fileURLToPath(new URL('../models/clip-qc-artifacts/train/train.py', import.meta.url));

export interface TrainOptions extends QcOptions {
  labels: string;
  output: string;
  workers: number;
  cache: boolean;
}

/** `qc train`: measures labelled clips, and has the trainer make a model of them. */
export async function trainOnLabels(options: TrainOptions, json: boolean): Promise<void> {
  const { labels, output, workers } = options;
  const signal = interruptSignal();
  const params = await qcParams(options);
  const clips = readLabels(await readFile(labels, 'utf8'), labels);
  await mkdir(output, { recursive: true });
  const measured = join(output, 'measured.jsonl');
  if (!options.cache) await rm(measured, { force: true });
  const reader = await openTextReader(params.textEngine);
  const request = { reader, folder: dirname(labels), params, cache: measured, workers, signal };
  const lines: string[] = [];
  try {
    for await (const found of measureLabelled(clips, request)) lines.push(lineOf(found));
  } finally {
    await reader.close();
  }
  const features = join(output, 'features.jsonl');
  await writeFile(features, lines.join(''));
  const names = join(output, 'features.json');
  await writeFile(names, `${JSON.stringify(FEATURE_SETS[FEATURE_SET])}\n`);
  await runTrainer([features, output, '--features', names, '--feature-set', String(FEATURE_SET)], signal);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'trained', output, clips: clips.length })}\n`);
  else process.stdout.write(`${output}: a model of ${clips.length} clips; its folds are in training.json\n`);
}

/** @throws MediaError for a clip that can't be measured: were it left out in silence, the model would be another one. */
function lineOf(found: MeasuredClip): string {
  const { clip_id: id, artifact_category: category } = found.clip;
  if ('error' in found) throw new MediaError(`The clip ${id} can't be measured: ${found.error}`);
  return `${JSON.stringify({ id, category, features: found.features })}\n`;
}

async function runTrainer(args: string[], signal: AbortSignal): Promise<void> {
  const python = process.env.STEPREEL_PYTHON || 'python3';
  try {
    await promisify(execFile)(python, [TRAINER, ...args], { signal, maxBuffer: 16 * 2 ** 20 });
  } catch (cause) {
    signal.throwIfAborted();
    const { stderr = '', message } = cause as { stderr?: string; message: string };
    throw new ToolError(
      `${python} could not train: ${stderr.trim().split('\n').at(-1) || message}. Install what models/clip-qc-artifacts/train/requirements.txt lists, and name the Python that has it in STEPREEL_PYTHON.`,
      { cause },
    );
  }
}
