import { areaOf, clip } from '#annotation/boxes';
import { type Candidate, type Detection, toDetection } from '#annotation/detections';
import { bestFirst, suppress } from '#annotation/nms';
import { type EncodedImage, readImage } from '#media/images';
import type { Model, ModelDescription } from '../models.ts';
import { openSession, type Session, type SessionOptions } from '../session.ts';
import type { DetectionRule } from './detection-rule.ts';
import { openHead } from './heads/open-head.ts';
import { openInputTensor } from './input-tensor.ts';
import { toPicture } from './placement.ts';

/** What was found in one picture, best first; sizes and boxes in pixels of the stored picture. */
export interface PictureDetections {
  width: number;
  height: number;
  detections: Detection[];
}

/** A detector on the calling thread. */
export interface ImageDetector {
  /** Calls may overlap: the next picture is then read and decoded while the model looks at this one. */
  detect(path: string, rule: DetectionRule): Promise<PictureDetections>;
  close(): Promise<void>;
}

/** Opens a model whose weights were checked. @throws ModelError when the model is not what model.json says. */
export async function openImageDetector(model: Model, options: SessionOptions): Promise<ImageDetector> {
  return imageDetectorOn(await openSession(model.weightsPath, options), model);
}

/** A detector on a session that is open already, wherever it runs. @throws ModelError when the two do not fit. */
export function imageDetectorOn(session: Session, model: ModelDescription): ImageDetector {
  const input = openInputTensor(model.input, session.inputs);
  const head = openHead(model, session.outputs);
  let decoding: Promise<unknown> = Promise.resolve();
  let running: Promise<unknown> = Promise.resolve();

  /** Gives the picture its turn to be decoded, and then to be looked at: each of the two has room for one. */
  function look(image: EncodedImage, rule: DetectionRule) {
    const prepared = decoding.then(async () => {
      const picture = await input.prepare(image);
      await running;
      input.fill(picture);
      const candidates = run(rule);
      running = candidates.catch(() => undefined);
      return { picture, candidates };
    });
    decoding = prepared.catch(() => undefined);
    return prepared;
  }

  async function run(rule: DetectionRule): Promise<Candidate[]> {
    const outputs = await session.run(input.feeds, head.tensors);
    return head.decode(outputs, { confidence: rule.confidence, wants: wantedClasses(rule) });
  }

  return {
    async detect(path, rule) {
      const { picture, candidates } = await look(await readImage(path), rule);
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
