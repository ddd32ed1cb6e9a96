import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isRefusal } from '#core/errors';
import { type CleaningRules, createFrameJudge } from './frame-judge.ts';
import { createFrameKernels, type FrameKernels } from './frame-kernels.ts';
import { readGrey } from './images.ts';
import { openJsonLines } from './json-lines.ts';
import { hashToHex, type PerceptualHash } from './perceptual-hash.ts';

/** What was found about one image of a folder. */
export type ImageRecord = { file: string } & (JudgedImage | UnreadableImage);

interface JudgedImage {
  verdict: 'kept' | 'blurry' | 'duplicate';
  sharpness: number;
  /** 16 hex digits. */
  hash: string;
  /** Name of the kept file that this one repeats. */
  duplicateOf?: string;
}

interface UnreadableImage {
  verdict: 'unreadable';
  reason: string;
}

export interface CleanRequest extends CleaningRules {
  /** JPEG and PNG files of different names, in the order in which they are judged. */
  paths: readonly string[];
  /** Where kept files are copied under their own names; made if it is not there. */
  folder: string;
  /** Where the records go, one JSON document a line, in the same order; none are written without. */
  recordsPath?: string;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

export interface CleanSummary {
  images: number;
  kept: number;
  blurry: number;
  duplicates: number;
  unreadable: number;
}

// So many pictures are decoded ahead of the one that is judged.
const AHEAD = 4;

/**
 * Drops blurry and near-duplicate images by the same rules as extractFrames. An image that can't be read is counted as
 * such and left out.
 */
export async function cleanImages(request: CleanRequest): Promise<CleanSummary> {
  const { paths, folder, recordsPath, signal, onProgress } = request;
  await mkdir(folder, { recursive: true });
  const judge = createFrameJudge(request);
  const records = recordsPath === undefined ? undefined : await openJsonLines(recordsPath);
  const summary: CleanSummary = { images: paths.length, kept: 0, blurry: 0, duplicates: 0, unreadable: 0 };
  let index = 0;
  try {
    for await (const found of measured(paths)) {
      signal?.throwIfAborted();
      const path = paths[index]!;
      const record: ImageRecord = { file: basename(path), ...('reason' in found ? found : judged(found)) };
      await records?.write(record);
      if (record.verdict === 'kept') await copyFile(path, join(folder, record.file));
      summary[COUNTERS[record.verdict]] += 1;
      index += 1;
      onProgress?.(index, paths.length);
    }
  } finally {
    await records?.close();
  }
  return summary;

  function judged({ sharpness, hash }: Measures): JudgedImage {
    const { verdict, duplicateOf } = judge({ index, sharpness, hash });
    const original = duplicateOf === undefined ? {} : { duplicateOf: basename(paths[duplicateOf]!) };
    return { verdict, sharpness, hash: hashToHex(hash), ...original };
  }
}

const COUNTERS = { kept: 'kept', blurry: 'blurry', duplicate: 'duplicates', unreadable: 'unreadable' } as const;

interface Measures {
  sharpness: number;
  hash: PerceptualHash;
}

/** Measures the images in order, while the next ones are being decoded. */
async function* measured(paths: readonly string[]): AsyncGenerator<Measures | UnreadableImage> {
  const kernels = kernelsForLastSize();
  const decode = (path: string) => Promise.allSettled([readGrey(path)]);
  const ahead = paths.slice(0, AHEAD).map(decode);
  for (let next = AHEAD; ahead.length > 0; next += 1) {
    const [decoded] = await ahead.shift()!;
    if (next < paths.length) ahead.push(decode(paths[next]!));
    if (decoded.status === 'fulfilled') yield measure(kernels(decoded.value), decoded.value.grey);
    else if (isRefusal(decoded.reason)) yield { verdict: 'unreadable', reason: decoded.reason.message };
    else throw decoded.reason;
  }
}

function measure(kernels: FrameKernels, grey: Uint8Array): Measures {
  const [frame] = kernels.buffers as [FrameKernels['buffers'][0]];
  frame.bytes.set(grey);
  return { sharpness: kernels.sharpness(frame), hash: kernels.hash(frame) };
}

/** Images of one folder mostly have one size. */
function kernelsForLastSize(): (size: { width: number; height: number }) => FrameKernels {
  let last: FrameKernels | undefined;
  return ({ width, height }) => {
    if (last?.width !== width || last.height !== height) last = createFrameKernels({ width, height, count: 1 });
    return last;
  };
}
