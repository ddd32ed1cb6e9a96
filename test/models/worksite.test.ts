import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { cornersOf, iou } from '#annotation/boxes';
import { openImageDetector } from '#inference/detection/image-detector';
import { loadModel } from '#inference/models';
import { drawFrame } from '#media/scenes/draw-frame';
import { LABELS, worksiteScene } from '#media/scenes/scene';
import { testFolder } from '../helpers/folder.ts';

const FOLDER = join(import.meta.dirname, '../../models/worksite/1.0.0');

it('the shipped detector finds a person, a vehicle and a cone in a drawn scene', async () => {
  const [width, height] = [640, 360];
  const crowd = { people: 3, vehicles: 2, cones: 4, props: 1 };
  const { rgb, truth } = drawFrame(worksiteScene('smoke', { width, height, crowd }), 0);
  const picture = join(await testFolder(), 'scene.png');
  await sharp(rgb, { raw: { width, height, channels: 3 } }).toFile(picture);

  const detector = await openImageDetector(await loadModel(FOLDER), { device: 'cpu', threads: 1 });
  const { detections } = await detector.detect(picture, { confidence: 0.25, iou: 0.6, maxDetections: 100 });
  await detector.close();
  const found = truth.filter(({ label, box }) =>
    detections.some((it) => it.label === label && iou(cornersOf(it.box), cornersOf(box)) > 0.5),
  );
  expect(new Set(found.map(({ label }) => label))).toEqual(new Set(LABELS));
});

it('the shipped detector is small enough to live in the repository', async () => {
  expect((await stat(join(FOLDER, 'model.onnx'))).size).toBeLessThan(5_000_000);
});
