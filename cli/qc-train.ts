import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MediaError, ToolError, toErrorDocument } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { sha256Hex } from '#core/names';
import { openTextReader } from '#inference/text/open-text-reader';
import type { ClipQcParams } from '#workloads/clip-qc/contract';
import { type LabelledClip, readLabels } from '#workloads/clip-qc/evaluation/labels';
import { FEATURE_SET, FEATURE_SETS } from '#workloads/clip-qc/features/feature-set';
import { measureFile } from '#workloads/clip-qc/measure-file';
import { interruptSignal } from './interrupt.ts';
import { type QcOptions, qcParams } from './qc-options.ts';

const TRAINER = fileURLToPath(new URL('../models/clip-qc-artifacts/train/train.py', import.meta.url));

/** `qc train`: measures labelled clips, and has the trainer make a model of them. */
export async function trainOnLabels(
  { labels, output, cache, ...options }: QcOptions & { labels: string; output: string; cache: boolean },
  json: boolean,
): Promise<void> {
  const signal = interruptSignal();
  const params = await qcParams(options);
  const clips = readLabels(await readFile(labels, 'utf8'), labels);
  await mkdir(output, { recursive: true });
  const features = join(output, 'features.jsonl');
  const known = cache ? await readKnown(features) : new Map<string, string>();
  const lines = await measureAll(clips, dirname(labels), params, known, signal);
  await writeFile(features, lines.map((line) => `${line}\n`).join(''));
  const names = join(output, 'features.json');
  await writeFile(names, `${JSON.stringify(FEATURE_SETS[FEATURE_SET])}\n`);
  await runTrainer([features, output, '--features', names, '--feature-set', String(FEATURE_SET)], signal);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'trained', output, clips: clips.length })}\n`);
  else process.stdout.write(`${output}: a model of ${clips.length} clips; its folds are in training.json\n`);
}

/** A line of features for each clip. What is known is known by the clip's bytes and all parameters it was measured with. */
async function measureAll(
  clips: LabelledClip[],
  folder: string,
  params: ClipQcParams,
  known: Map<string, string>,
  signal: AbortSignal,
): Promise<string[]> {
  const { model: _model, threshold: _threshold, ...measuring } = params;
  const reader = await openTextReader(params.textEngine);
  const lines: string[] = [];
  try {
    for (const { clip_id: id, path, artifact_category: category } of clips) {
      const clip = resolve(folder, path);
      const { sha256 } = await digestFile(clip);
      const key = sha256Hex(JSON.stringify([sha256, FEATURE_SET, reader.engine, measuring]));
      const features = known.get(key) ?? JSON.stringify((await measured(clip, id)).features);
      lines.push(`{"id":${JSON.stringify(id)},"category":"${category}","key":"${key}","features":${features}}`);
    }
  } finally {
    await reader.close();
  }
  return lines;

  async function measured(clip: string, id: string) {
    try {
      return (await measureFile(clip, reader, params, signal)).measures;
    } catch (cause) {
      signal.throwIfAborted();
      // A clip that can't be measured must not be left out in silence: the model would be another one.
      throw new MediaError(`The clip ${id} can't be measured: ${toErrorDocument(cause).message}`, { cause });
    }
  }
}

async function readKnown(file: string): Promise<Map<string, string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const { key, features } = JSON.parse(line) as { key: string; features: unknown };
      return [key, JSON.stringify(features)];
    }),
  );
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
