import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { toErrorDocument } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { sha256Hex } from '#core/names';
import type { TextReader } from '#inference/text/text-reader';
import type { ClipQcParams } from '#workloads/clip-qc/contract';
import type { LabelledClip } from '#workloads/clip-qc/evaluation/labels';
import { FEATURE_SET, FEATURE_SETS, type Features } from '#workloads/clip-qc/features/feature-set';
import { measureFile } from '#workloads/clip-qc/measure-file';
import { inOrder } from './in-order.ts';

/** A labelled clip and what was measured of it, or why it could not be. */
export type MeasuredClip = { clip: LabelledClip } & ({ features: Features; frames: number } | { error: string });

interface Request {
  reader: TextReader;
  /** What the paths of labels are relative to. */
  folder: string;
  params: ClipQcParams;
  /** Keeps what was measured, so that it need not be again; nothing is kept without it. */
  cache?: string | undefined;
  workers: number;
  signal: AbortSignal;
}

const lineSchema = z.object({
  key: z.string(),
  frames: z.int(),
  features: z.record(z.enum(FEATURE_SETS[FEATURE_SET]), z.number()),
});
type Line = z.infer<typeof lineSchema>;

/** Measures labelled clips, in their order. */
export async function* measureLabelled(clips: LabelledClip[], request: Request): AsyncGenerator<MeasuredClip> {
  const known = await readCache(request.cache);
  yield* inOrder(clips, request.workers, async (clip) => ({ clip, ...(await measureOne(clip, known, request)) }));
}

async function measureOne(
  { path }: LabelledClip,
  known: ReadonlyMap<string, Line>,
  { reader, folder, params, cache, signal }: Request,
): Promise<Omit<Line, 'key'> | { error: string }> {
  try {
    const clip = resolve(folder, path);
    const key = await keyOf(clip, reader, params);
    const found = known.get(key);
    if (found) return found;
    const { sampled, measures } = await measureFile(clip, reader, params, signal);
    const line = { frames: sampled.frames.length, features: { ...measures.features } };
    if (cache !== undefined) await appendFile(cache, `${JSON.stringify({ key, ...line })}\n`);
    return line;
  } catch (thrown) {
    signal.throwIfAborted();
    const { name, message } = toErrorDocument(thrown);
    return { error: `${name}: ${message}` };
  }
}

/** A clip is known by its bytes, what read it, and every parameter it was measured with. */
async function keyOf(clip: string, { engine }: TextReader, params: ClipQcParams): Promise<string> {
  const { model: _model, threshold: _threshold, ...measuring } = params;
  const { sha256 } = await digestFile(clip);
  return sha256Hex(JSON.stringify([sha256, FEATURE_SET, engine, measuring]));
}

async function readCache(file: string | undefined): Promise<Map<string, Line>> {
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => lineSchema.parse(JSON.parse(line))).map((line) => [line.key, line]));
}
