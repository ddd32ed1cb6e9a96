import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fromErrorDocument } from '#core/errors';
import type { DetectionRule } from './detection-rule.ts';
import type { Answer, Question, WorkerSetup } from './detection-worker.ts';
import type { PictureDetections } from './image-detector.ts';

/** An image detector in a thread of its own, so that its synchronous runs block nobody. */
export interface DetectionThread {
  /** How many questions wait for an answer. */
  readonly busy: number;
  detect(path: string, rule: DetectionRule): Promise<PictureDetections>;
  close(): Promise<void>;
}

// A picture that sharp takes leaves its pixels behind, outside of the heap and freed when the heap's young part is
// collected. Collected every 4 MiB, a detector over 600 PNGs stays at about 310 MiB; left to itself it went on to 390.
const YOUNG_MIB = 4;

/** @throws what opening the model threw in the thread. */
export async function startDetectionThread(setup: WorkerSetup): Promise<DetectionThread> {
  // The worker's file ends like this one: .ts in the sources, .js as published.
  const file = new URL(`./detection-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData: setup, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
  const waiting = new Map<number, PromiseWithResolvers<PictureDetections | undefined>>();
  let lastId = 0;

  function expectAnswer(id: number): Promise<PictureDetections | undefined> {
    const answer = Promise.withResolvers<PictureDetections | undefined>();
    waiting.set(id, answer);
    return answer.promise;
  }

  function failAll(error: unknown): void {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  worker.on('message', (answer: Answer) => {
    const question = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) question?.reject(fromErrorDocument(answer.error));
    else question?.resolve(answer.found);
  });
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('The detector was closed before it had answered.')));

  try {
    await expectAnswer(0);
  } catch (thrown) {
    await worker.terminate();
    throw thrown;
  }

  return {
    get busy() {
      return waiting.size;
    },
    async detect(path, rule) {
      lastId += 1;
      const question: Question = { id: lastId, path, rule };
      const answer = expectAnswer(question.id);
      worker.postMessage(question);
      return (await answer) as PictureDetections;
    },
    async close() {
      await worker.terminate();
    },
  };
}
