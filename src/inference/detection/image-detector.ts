import { areaOf, clip } from '#annotation/boxes';
import { type Candidate, type Detection, toDetection } from '#annotation/detections';
import { bestFirst, suppress } from '#annotation/nms';
import type { Model } from '../models.ts';
import { openSession, type SessionOptions } from '../session.ts';
import type { DetectionRule } from './detection-rule.ts';
import { openHead } from './heads/open-head.ts';
import { openInputTensor } from './input-tensor.ts';
import { readPicture, toPicture } from './picture.ts';

/** What was found in one picture, best first; sizes and boxes in pixels of the stored picture. */
export interface PictureDetections {
  width: number;
  height: number;
  detections: Detection[];
}

/** A detector on the calling thread. */
export interface ImageDetector {
  /** Calls may overlap: the next picture is then decoded while the model looks at this one. */
  detect(path: string, rule: DetectionRule): Promise<PictureDetections>;
  close(): Promise<void>;
}

/** Opens a model whose weights were checked. @throws ModelError when the model is not what model.json says. */
export async function openImageDetector(model: Model, options: SessionOptions): Promise<ImageDetector> {
  const session = await openSession(model.weightsPath, options);
  const input = openInputTensor(model.input, session.inputs);
  const head = openHead(model, session.outputs);
  let turn: Promise<unknown> = Promise.resolve();

  return {
    async detect(path, rule) {
      const picture = await readPicture(path, model.input);
      // One at a time from here on: the session's tensors are shared by all pictures.
      const candidates = turn.then(async () => {
        input.fill(picture.rgb);
        const outputs = await session.run(input.feeds, head.tensors);
        return head.decode(outputs, { confidence: rule.confidence, wants: wantedClasses(rule) });
      });
      turn = candidates.catch(() => undefined);
      const { width, height } = picture;
      const visible = (await candidates)
        .map((candidate): Candidate => ({ ...candidate, corners: toPicture(candidate.corners, picture) }))
        .filter(({ corners }) => areaOf(clip(corners, picture)) > 0);
      const chosen = head.needsSuppression ? suppress(visible, rule) : bestFirst(visible).slice(0, rule.maxDetections);
      const detections = chosen.flatMap((candidate) => toDetection(candidate, { width, height }, model.classes) ?? []);
      return { width, height, detections };
    },
    close: () => session.release(),
  };
}

function wantedClasses({ classIndices }: DetectionRule): (classIndex: number) => boolean {
  if (classIndices === undefined) return () => true;
  const wanted = new Set(classIndices);
  return (classIndex) => wanted.has(classIndex);
}
