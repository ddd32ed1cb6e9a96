import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorDocument, toErrorDocument } from '#core/errors';
import type { Model } from '../models.ts';
import type { SessionOptions } from '../session.ts';
import type { DetectionRule } from './detection-rule.ts';
import { openImageDetector, type PictureDetections } from './image-detector.ts';

/** The program of a detector's worker thread: opens the model, says so, then answers each question as it is ready. */
export interface WorkerSetup {
  model: Model;
  options: SessionOptions;
}

export interface Question {
  id: number;
  path: string;
  rule: DetectionRule;
}

/** The answer of id 0 says whether the model could be opened. */
export type Answer = { id: number } & ({ found?: PictureDetections } | { error: ErrorDocument });

const port = parentPort;
if (port) {
  const answer = (answer: Answer) => port.postMessage(answer);
  const { model, options } = workerData as WorkerSetup;
  try {
    const detector = await openImageDetector(model, options);
    port.on('message', ({ id, path, rule }: Question) => {
      detector.detect(path, rule).then(
        (found) => answer({ id, found }),
        (thrown) => answer({ id, error: toErrorDocument(thrown) }),
      );
    });
    answer({ id: 0 });
  } catch (thrown) {
    answer({ id: 0, error: toErrorDocument(thrown) });
  }
}
