import { z } from 'zod';
import { cornersOf } from '#annotation/boxes';
import { type Candidate, toDetection } from '#annotation/detections';
import { bestFirst } from '#annotation/nms';
import { ModelError } from '#core/errors';
import { readImage, sizeOf } from '#media/images';
import type { DetectionRule } from '../detection/detection-rule.ts';
import type { PictureDetections } from '../detection/image-detector.ts';
import type { CallEndpoint } from './call-endpoint.ts';

const answerSchema = z.object({
  predictions: z.array(
    z.object({
      class_name: z.string(),
      confidence: z.number().min(0).max(1),
      bbox: z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() }),
    }),
  ),
});

/**
 * Shows one picture to an endpoint of the `predictions` protocol; boxes are in its pixels.
 * @throws ModelError for an answer that is not as the protocol has it, or for a class that is not listed.
 */
export async function lookByPredictions(
  path: string,
  {
    name,
    url,
    classes,
    call,
    signal,
  }: { name: string; url: string; classes: readonly string[]; call: CallEndpoint; signal?: AbortSignal | undefined },
  rule: DetectionRule,
): Promise<PictureDetections> {
  const image = await readImage(path);
  const size = await sizeOf(image);
  const { bytes } = await call({
    ...{ url, method: 'POST', signal },
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ image: Buffer.from(image.bytes).toString('base64') }),
  });
  const candidates = parsed(name, bytes).map(({ class_name, confidence, bbox: { x1, y1, x2, y2 } }): Candidate => {
    const classIndex = classes.indexOf(class_name);
    if (classIndex < 0) {
      throw new ModelError(
        `The endpoint ${name} found a ${JSON.stringify(class_name)}, which is not among its classes: ${classes.join(', ')}. Add it to the list.`,
      );
    }
    return { corners: [x1, y1, x2, y2], score: confidence, classIndex };
  });
  const wanted = candidates.filter(
    ({ score, classIndex }) => score >= rule.confidence && (rule.classIndices?.includes(classIndex) ?? true),
  );
  const detections = bestFirst(wanted)
    .slice(0, rule.maxDetections)
    .flatMap((candidate) => toDetection(candidate, size, classes) ?? [])
    .filter(({ box }) => cornersOf(box).every(Number.isFinite));
  return { ...size, detections };
}

function parsed(name: string, bytes: Uint8Array): z.infer<typeof answerSchema>['predictions'] {
  try {
    return answerSchema.parse(JSON.parse(Buffer.from(bytes).toString())).predictions;
  } catch (cause) {
    throw new ModelError(`The endpoint ${name} does not answer with predictions: ${(cause as Error).message}`, {
      cause,
    });
  }
}
