import type { Detection } from '#annotation/detections';
import { InputError } from '#core/errors';
import type { ModelSource } from '#core/step';
import type { Device } from '#core/workload';
import type { DetectionOptions } from '#inference/detection/detection-rule';
import { type ImageFile, openDetector } from '#inference/detection/detector';
import { endpointNamed } from '#inference/endpoints/endpoint-config';
import {
  type EndpointDetections,
  type EndpointDetector,
  openEndpointDetector,
} from '#inference/endpoints/endpoint-detector';
import type { Detected, DetectorRef } from '../contract.ts';

/** What several detectors found in one picture; class indices are those of all detectors' classes together. */
export interface FoundInPicture extends Omit<EndpointDetections, 'failed'> {
  /** Detectors that gave no answer for this picture. */
  failed?: string[];
}

export interface Detectors {
  /** All classes, those of the first detector first. A name that two detectors share is one class. */
  classes: readonly string[];
  used: Detected['detectors'];
  detect(
    images: AsyncIterable<ImageFile>,
    options: DetectionOptions & { signal?: AbortSignal | undefined },
  ): AsyncGenerator<FoundInPicture, void, undefined>;
  close(): Promise<void>;
}

interface Opened {
  detector: EndpointDetector;
  used: Detected['detectors'][number];
}

export interface OpenOptions {
  device: Device;
  models: ModelSource;
  /** The classes that are wanted; all when undefined. */
  wanted?: readonly string[] | undefined;
}

/**
 * Opens the detectors of a job as one. Each looks at every picture; what they find is put together.
 * @throws InputError for a wanted class that none of them knows.
 */
export async function openDetectors(refs: readonly DetectorRef[], options: OpenOptions): Promise<Detectors> {
  const opened: Opened[] = [];
  try {
    for (const ref of refs) opened.push(await open(ref, options));
    const classes = [...new Set(opened.flatMap(({ detector }) => detector.classes))];
    requireKnown(options.wanted, classes);
    return {
      classes,
      used: opened.map(({ used }) => used),
      detect: (images, rule) => detectWithAll(opened, classes, images, rule),
      close: () => closeAll(opened),
    };
  } catch (thrown) {
    await closeAll(opened);
    throw thrown;
  }
}

async function open(ref: DetectorRef, { device, models }: OpenOptions): Promise<Opened> {
  if ('endpoint' in ref) {
    const detector = await openEndpointDetector(ref.endpoint, await endpointNamed(ref.endpoint));
    return { detector, used: { name: ref.endpoint, version: 'endpoint' } };
  }
  const files = await models.fetch(ref.model);
  const { name, version, sha256 } = files;
  return { detector: await openDetector(files, { device }), used: { name, version, sha256 } };
}

async function closeAll(opened: readonly Opened[]): Promise<void> {
  await Promise.all(opened.map(({ detector }) => detector.close()));
}

function requireKnown(wanted: readonly string[] | undefined, classes: readonly string[]): void {
  const unknown = (wanted ?? []).filter((name) => !classes.includes(name));
  if (unknown.length === 0) return;
  throw new InputError(`No detector knows ${unknown.join(', ')}. Choose from: ${classes.join(', ')}.`, {
    details: { unknown, classes },
  });
}

/** Hands each picture to every detector, and waits for all of them: memory holds as many pictures as the slowest needs. */
async function* detectWithAll(
  opened: readonly Opened[],
  classes: readonly string[],
  images: AsyncIterable<ImageFile>,
  { classes: wanted, ...rule }: DetectionOptions & { signal?: AbortSignal | undefined },
): AsyncGenerator<FoundInPicture, void, undefined> {
  const copies = copiesOf(images, opened.length);
  const streams = opened.map(({ detector }, at) => {
    const own = wanted?.filter((name) => detector.classes.includes(name));
    return detector.detect(copies[at]!, { ...rule, ...(own === undefined ? {} : { classes: own }) });
  });
  try {
    for (;;) {
      const answers = await Promise.all(streams.map((stream) => stream.next()));
      if (answers.some(({ done }) => done)) return;
      const found = answers.map(({ value }) => value as EndpointDetections);
      const { id, width, height } = found[0]!;
      const failed = found.flatMap((answer, at) => (answer.failed === undefined ? [] : [opened[at]!.used.name]));
      const detections = found.flatMap((answer) => renumbered(answer.detections, classes));
      yield { id, width, height, detections, ...(failed.length > 0 ? { failed } : {}) };
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  }
}

function renumbered(detections: readonly Detection[], classes: readonly string[]): Detection[] {
  return detections.map((detection) => ({ ...detection, classIndex: classes.indexOf(detection.label) }));
}

/** The same sequence several times; what one reader has taken and another has not is held. */
function copiesOf<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T, void, undefined>[] {
  const iterator = source[Symbol.asyncIterator]();
  const held: T[][] = Array.from({ length: count }, () => []);
  let turn: Promise<boolean> = Promise.resolve(true);

  async function fetchOne(): Promise<boolean> {
    const { value, done } = await iterator.next();
    if (done) return false;
    for (const queue of held) queue.push(value);
    return true;
  }

  return held.map(async function* (queue) {
    for (;;) {
      // Another reader may have fetched one while this one waited for its turn.
      if (queue.length === 0) {
        turn = turn.then((more) => more && (queue.length > 0 || fetchOne()));
        if (!(await turn) && queue.length === 0) return;
      }
      yield queue.shift()!;
    }
  });
}
