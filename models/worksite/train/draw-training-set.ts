/**
 * Draws stills with boxes for training and measuring:
 *   node models/worksite/train/draw-training-set.ts FOLDER --split train|val|held-out --count N
 * Writes FOLDER/<split>/images/*.jpg and FOLDER/<split>/annotations.coco.json. `train` and `val` show the training
 * families in the training hues with different seeds; `held-out` shows families and hues that neither of them has.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { type DrawnPicture, toCocoTruth } from '../../../src/media/scenes/coco-truth.ts';
import { drawFrame } from '../../../src/media/scenes/draw-frame.ts';
import { smear } from '../../../src/media/scenes/lens.ts';
import { randomFrom } from '../../../src/media/scenes/random.ts';
import { worksiteScene } from '../../../src/media/scenes/scene.ts';

type Split = 'train' | 'val' | 'held-out';
type Share = { folder: string; split: Split; indices: number[] };

/** Shapes of common cameras, 16:10 to 4:3; the detector sees all of them letterboxed to 512x320. */
const SIZES = [
  [640, 360],
  [640, 400],
  [640, 480],
  [768, 432],
] as const;

if (isMainThread) await main();
else parentPort!.postMessage(await drawShare(workerData as Share));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { split: { type: 'string' }, count: { type: 'string' } },
  });
  const split = values.split as Split;
  const [root] = positionals;
  if (root === undefined || !['train', 'val', 'held-out'].includes(split)) {
    throw new Error('Expected: draw-training-set.ts FOLDER --split train|val|held-out --count N.');
  }
  const folder = join(root, split);
  await mkdir(join(folder, 'images'), { recursive: true });

  const workers = availableParallelism();
  const shares = Array.from({ length: workers }, (_, worker) => ({
    folder,
    split,
    indices: Array.from({ length: Number(values.count) }, (_, index) => index).filter(
      (index) => index % workers === worker,
    ),
  }));
  const stills = (await Promise.all(shares.map(drawInWorker))).flat();
  stills.sort((a, b) => (a.image.file_name < b.image.file_name ? -1 : 1));
  await writeFile(join(folder, 'annotations.coco.json'), JSON.stringify(toCocoTruth(stills)));
}

function drawInWorker(share: Share): Promise<DrawnPicture[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function drawShare({ folder, split, indices }: Share): Promise<DrawnPicture[]> {
  sharp.concurrency(1);
  const stills: DrawnPicture[] = [];
  for (const index of indices) stills.push(await drawStill(folder, split, index));
  return stills;
}

async function drawStill(folder: string, split: Split, index: number): Promise<DrawnPicture> {
  const seed = `${split}-${index}`;
  const random = randomFrom(`still/${seed}`);
  const [width, height] = random.pick(SIZES);
  const scene = worksiteScene(seed, { width, height, pool: split === 'held-out' ? 'held-out' : 'training' });
  const { rgb, truth } = drawFrame(scene, random.range(0, 10));

  const blurred = random.chance(0.25) ? smear(rgb, width, height, random.int(-5, 5), random.int(-2, 2)) : rgb;
  const picture = sharp(blurred, { raw: { width, height, channels: 3 } });
  if (random.chance(0.2)) picture.blur(random.range(0.4, 1.2));
  const file = `${String(index).padStart(5, '0')}.jpg`;
  await picture.jpeg({ quality: random.int(35, 92) }).toFile(join(folder, 'images', file));
  return { image: { file_name: file, width, height, family: scene.family }, truth };
}
