import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { ModelFiles } from '#core/step';
import type { Device } from '#core/workload';
import { loadModel } from '../models.ts';
import { type DetectionOptions, type DetectionRule, toDetectionRule } from './detection-rule.ts';
import { type DetectionThread, startDetectionThread } from './detection-thread.ts';
import type { PictureDetections } from './image-detector.ts';

export interface ImageFile {
  id: string | number;
  path: string;
}

/** What was found in one image, best first; sizes and boxes in pixels of the stored image. */
export interface ImageDetections extends PictureDetections {
  id: ImageFile['id'];
}

export interface Detector {
  /** Names of the model's classes, by class index. */
  classes: readonly string[];
  /**
   * Looks at one image after the other and gives what it found in the same order. A few images are read ahead; memory
   * does not grow with their number.
   * @throws InputError for options that make no sense, MediaError for an image that can't be decoded, and the
   * signal's reason when it aborts.
   */
  detect(
    images: Iterable<ImageFile> | AsyncIterable<ImageFile>,
    options: DetectionOptions & { signal?: AbortSignal | undefined },
  ): AsyncGenerator<ImageDetections, void, undefined>;
  /** Ends the detector's threads; the process would wait for them otherwise. */
  close(): Promise<void>;
}

export interface DetectorOptions {
  device?: Device;
  /** Processor cores to use; all by default. */
  threads?: number;
}

/**
 * Opens a detector. The weights are checked against their digest first.
 *
 * On the CPU each core gets a thread with a session of its own that works on whole images. That is faster than one
 * session over all cores: the cores never wait for each other, and decoding, resizing and suppression use them as well.
 * @throws ModelError when the model is not what its model.json says.
 * @throws CapacityError when a GPU is asked for and there is none.
 */
export async function openDetector(
  { folder }: Pick<ModelFiles, 'folder'>,
  { device = 'cpu', threads = availableParallelism() }: DetectorOptions = {},
): Promise<Detector> {
  const model = await loadModel(folder);
  const { size: weightsBytes } = await stat(model.weightsPath);
  const workers = device === 'gpu' ? 1 : workersFor(threads, weightsBytes);
  const setup = { model, options: { device, threads: Math.max(1, Math.floor(threads / workers)) } };
  const pool = await startAll(workers, () => startDetectionThread(setup));

  return {
    classes: model.classes,
    async *detect(images, { signal, ...options }) {
      yield* inOrder(pool, images, toDetectionRule(options, model.classes), signal);
    },
    async close() {
      await Promise.all(pool.map((thread) => thread.close()));
    },
  };
}

// Every session has its own copy of the weights, so a large model shares its cores instead.
const WEIGHTS_IN_MEMORY_BYTES = 512 * 2 ** 20;

function workersFor(threads: number, weightsBytes: number): number {
  return Math.max(1, Math.min(threads, Math.floor(WEIGHTS_IN_MEMORY_BYTES / weightsBytes)));
}

async function startAll(count: number, start: () => Promise<DetectionThread>): Promise<DetectionThread[]> {
  const started = await Promise.allSettled(Array.from({ length: count }, start));
  const threads = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (!failed) return threads;
  await Promise.all(threads.map((thread) => thread.close()));
  throw failed.reason;
}

// 3: one image in the model, one decoded and waiting for it, one being decoded.
const IMAGES_PER_THREAD = 3;

async function* inOrder(
  pool: readonly DetectionThread[],
  images: Iterable<ImageFile> | AsyncIterable<ImageFile>,
  rule: DetectionRule,
  signal: AbortSignal | undefined,
): AsyncGenerator<ImageDetections, void, undefined> {
  const aborted = abortion(signal);
  const underway: Promise<ImageDetections>[] = [];
  try {
    for await (const image of images) {
      signal?.throwIfAborted();
      underway.push(detectOn(leastBusy(pool), image, rule));
      if (underway.length >= pool.length * IMAGES_PER_THREAD)
        yield await Promise.race([underway.shift()!, aborted.promise]);
    }
    while (underway.length > 0) yield await Promise.race([underway.shift()!, aborted.promise]);
  } finally {
    aborted.forget();
  }
}

function detectOn(thread: DetectionThread, { id, path }: ImageFile, rule: DetectionRule): Promise<ImageDetections> {
  const found = thread.detect(path, rule).then((detections) => ({ id, ...detections }));
  // After a failure nobody asks for the images behind it any more; theirs must not count as unhandled.
  found.catch(() => undefined);
  return found;
}

function leastBusy(pool: readonly DetectionThread[]): DetectionThread {
  return pool.reduce((least, thread) => (thread.busy < least.busy ? thread : least));
}

/** A promise that rejects when the signal aborts, and the way to let go of the signal. */
function abortion(signal: AbortSignal | undefined): { promise: Promise<never>; forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const onAbort = () => reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, forget: () => signal?.removeEventListener('abort', onAbort) };
}
