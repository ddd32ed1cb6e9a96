import { InputError } from '#core/errors';

/** Which of the objects that a model sees are wanted. */
export interface DetectionRule {
  /** Detections with a lower score are left out; 0 keeps all, there is no hidden floor. */
  confidence: number;
  /** Of two boxes of one class that overlap by more than this the worse one goes; models without NMS ignore it. */
  iou: number;
  /** How many detections one image may have, the best ones. */
  maxDetections: number;
  /** Indices of the classes to keep; all when undefined. */
  classIndices?: readonly number[];
}

export interface DetectionOptions {
  confidence: number;
  iou: number;
  /** Names of the classes to keep; all when left out. */
  classes?: readonly string[] | undefined;
  maxDetections?: number | undefined;
}

/** How many detections an image may have by default, as in COCO-trained detectors' own settings (Ultralytics: 300). */
export const DEFAULT_MAX_DETECTIONS = 300;

/** @throws InputError for a number out of range or a class that the model does not know. */
export function toDetectionRule(
  { confidence, iou, classes, maxDetections = DEFAULT_MAX_DETECTIONS }: DetectionOptions,
  known: readonly string[],
): DetectionRule {
  assertFraction('confidence', confidence);
  assertFraction('iou', iou);
  if (!Number.isInteger(maxDetections) || maxDetections < 1) {
    throw new InputError(`Expected maxDetections to be a whole number from 1, found ${maxDetections}.`);
  }
  if (classes === undefined) return { confidence, iou, maxDetections };
  return { confidence, iou, maxDetections, classIndices: classes.map((name) => indexOfClass(name, known)) };
}

function assertFraction(name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new InputError(`Expected ${name} to be from 0 to 1, found ${value}.`);
}

function indexOfClass(name: string, known: readonly string[]): number {
  const index = known.indexOf(name);
  if (index >= 0) return index;
  throw new InputError(`The model knows no class "${name}". Choose from: ${known.join(', ')}.`, {
    details: { class: name, known },
  });
}
