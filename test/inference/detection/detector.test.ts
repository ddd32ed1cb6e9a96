import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Detector, type DetectorOptions, type ImageDetections, openDetector } from '#inference/detection/detector';
import { testFolder } from '../../helpers/folder.ts';
import { drawPicture, INPUT_VALUE, writeModel } from '../../helpers/onnx-folder.ts';
import { brightnessModel, constantModel } from '../../helpers/onnx-model.ts';

const ALL = { confidence: 0, iou: 1 };

/** A detector that scores a picture by its brightness, and `count` pictures, each brighter than the one before. */
async function openWithPictures(count: number, options: DetectorOptions = { threads: 2 }) {
  const folder = await testFolder();
  await writeModel(folder, brightnessModel(INPUT_VALUE, [8, 8, 24, 24]));
  const pictures = await Promise.all(
    Array.from({ length: count }, async (_, id) => {
      const color: [number, number, number] = [id, id, id];
      return { id, path: await drawPicture(join(folder, `${id}.png`), { width: 128, height: 96, color }) };
    }),
  );
  const detector = await openDetector({ folder }, options);
  onTestFinished(() => detector.close());
  return { detector, pictures, folder };
}

async function all(found: AsyncIterable<ImageDetections>): Promise<ImageDetections[]> {
  const list: ImageDetections[] = [];
  for await (const image of found) list.push(image);
  return list;
}

describe('openDetector', () => {
  it('finds the same, in the order of the pictures, with any number of threads', async () => {
    const { detector, pictures, folder } = await openWithPictures(30, { threads: 2 });
    const found = await all(detector.detect(pictures, ALL));
    expect(found.map(({ id }) => id)).toEqual(pictures.map(({ id }) => id));
    for (const { id, width, height, detections } of found) {
      expect({ width, height }).toEqual({ width: 128, height: 96 });
      expect(detections[0]).toMatchObject({ box: [16, 16, 32, 32], label: 'person' });
      expect(detections[0]!.score).toBeCloseTo(Number(id) / 255, 4);
    }

    const one = await openDetector({ folder }, { threads: 1 });
    onTestFinished(() => one.close());
    expect(JSON.stringify(await all(one.detect(pictures, ALL)))).toBe(JSON.stringify(found));
    expect(JSON.stringify(await all(detector.detect(pictures, ALL)))).toBe(JSON.stringify(found));
  });

  it('reads no more than a few pictures ahead', async () => {
    const { detector, pictures } = await openWithPictures(20, { threads: 1 });
    let asked = 0;
    async function* slowly() {
      for (const picture of pictures) {
        asked += 1;
        yield picture;
      }
    }
    const found = detector.detect(slowly(), ALL);
    await found.next();
    expect(asked).toBe(3);
    await found.return();
  });

  it('gives nothing for no pictures', async () => {
    const { detector } = await openWithPictures(0, { threads: 1 });
    expect(await all(detector.detect([], ALL))).toEqual([]);
  });

  it('stops in the middle when the signal aborts, with its reason', async () => {
    const { detector, pictures } = await openWithPictures(12, { threads: 1 });
    const controller = new AbortController();
    const reason = new Error('the job was cancelled');
    const found: ImageDetections[] = [];
    const detecting = (async () => {
      for await (const image of detector.detect(pictures, { ...ALL, signal: controller.signal })) {
        found.push(image);
        if (found.length === 2) controller.abort(reason);
      }
    })();
    await expect(detecting).rejects.toBe(reason);
    expect(found).toHaveLength(2);
    // And it can still be used.
    expect(await all(detector.detect(pictures.slice(0, 1), ALL))).toHaveLength(1);
  });

  it('does not begin when the signal has aborted', async () => {
    const { detector, pictures } = await openWithPictures(1, { threads: 1 });
    await expect(all(detector.detect(pictures, { ...ALL, signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('stops at a picture that can not be decoded, after those before it', async () => {
    const { detector, pictures, folder } = await openWithPictures(4, { threads: 1 });
    const broken = { id: 'broken', path: join(folder, 'broken.jpg') };
    await writeFile(broken.path, 'no picture');
    const found: ImageDetections[] = [];
    const detecting = (async () => {
      for await (const image of detector.detect([pictures[0]!, broken, ...pictures], ALL)) found.push(image);
    })();
    await expect(detecting).rejects.toMatchObject({
      name: 'MediaError',
      message: expect.stringContaining('broken.jpg'),
    });
    expect(found.map(({ id }) => id)).toEqual([0]);
  });

  it('keeps only the classes that are asked for by name', async () => {
    const folder = await testFolder();
    const output = { shape: [1, 2, 6], data: [0, 0, 9, 9, 0.5, 1, 0, 0, 9, 9, 0.4, 2] };
    await writeModel(folder, constantModel(INPUT_VALUE, { output }));
    const path = await drawPicture(join(folder, 'p.png'), { width: 64, height: 48, color: [0, 0, 0] });
    const detector = await openDetector({ folder }, { threads: 1 });
    onTestFinished(() => detector.close());
    const [found] = await all(detector.detect([{ id: 1, path }], { ...ALL, classes: ['cone'] }));
    expect(found!.detections.map(({ label }) => label)).toEqual(['cone']);
    expect(detector.classes).toEqual(['person', 'vehicle', 'cone']);
  });

  it.each([
    {
      name: 'an unknown class',
      options: { ...ALL, classes: ['dog'] },
      message: 'no class "dog". Choose from: person, vehicle, cone',
    },
    {
      name: 'a confidence above 1',
      options: { confidence: 25, iou: 0.5 },
      message: 'confidence to be from 0 to 1, found 25',
    },
    { name: 'a negative IoU', options: { confidence: 0, iou: -1 }, message: 'iou to be from 0 to 1, found -1' },
    { name: 'no detections at all', options: { ...ALL, maxDetections: 0 }, message: 'a whole number from 1, found 0' },
  ])('refuses $name', async ({ options, message }) => {
    const { detector, pictures } = await openWithPictures(1, { threads: 1 });
    await expect(all(detector.detect(pictures, options))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a model that does not fit its model.json with the error of the thread, and leaves no thread', async () => {
    const folder = await testFolder();
    await writeModel(folder, brightnessModel({ name: 'images', shape: [1, 3, 9, 9] }, [0, 0, 1, 1]));
    await expect(openDetector({ folder }, { threads: 2 })).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('found [1, 3, 9, 9]'),
    });
  });

  it('fails what is under way when it is closed', async () => {
    const { detector, pictures } = await openWithPictures(2, { threads: 1 });
    const first = detector.detect(pictures, ALL).next();
    await closeSoon(detector);
    await expect(first).rejects.toThrow('closed before it had answered');
  });
});

async function closeSoon(detector: Detector): Promise<void> {
  await Promise.resolve();
  await detector.close();
}
