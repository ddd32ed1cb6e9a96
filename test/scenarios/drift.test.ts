import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jpegOfRgb } from '#media/images';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { wavBytes } from '../helpers/wav-files.ts';

/** Noise of a picture or a sound: the same numbers each time. */
function noise(seed: number): () => number {
  let state = seed * 7_919 + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

async function pictures(folder: string, level: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let at = 0; at < 24; at += 1) {
    const random = noise(at + level);
    const base = level + 30 * random();
    const rgb = Uint8Array.from({ length: 32 * 24 * 3 }, () => base + 20 * random());
    await writeFile(join(folder, `${at}.jpg`), await jpegOfRgb(rgb, { width: 32, height: 24 }));
  }
  return folder;
}

it('pictures of the same site are what they were, and those of the night are not', async () => {
  const cwd = await testFolder();
  await pictures(join(cwd, 'training'), 120);
  await pictures(join(cwd, 'inbox'), 121);
  await pictures(join(cwd, 'night'), 20);
  const day = await stepreel(
    ['models', 'drift', '--reference', 'training', '--recent', 'inbox', '--save', 'day.json'],
    { cwd },
  );
  expect([day.code, day.stderr]).toEqual([0, '']);
  expect(day.stdout).toMatch(/luma +stable/);

  const args = ['--json', 'models', 'drift', '--reference', 'day.json', '--recent', 'night'];
  const { code, documents } = await stepreel(args, { cwd });
  expect(code).toBe(78);
  expect(documents).toMatchObject([{ event: 'drift', drifted: true }]);
  const features = documents[0]!.features as { feature: string; verdict: string }[];
  expect(features.find(({ feature }) => feature === 'luma')).toMatchObject({ verdict: 'drifted', reference: 24 });
  expect(features.find(({ feature }) => feature === 'megapixels')).toMatchObject({ verdict: 'stable' });
});

it('sound that became quieter has drifted', async () => {
  const cwd = await testFolder();
  for (const [folder, loudness] of [
    ['before', 0.5],
    ['after', 0.05],
  ] as const) {
    await mkdir(join(cwd, folder));
    for (let at = 0; at < 20; at += 1) {
      const random = noise(at);
      const gain = loudness * (0.8 + 0.4 * random());
      const samples = Float32Array.from({ length: 1_600 }, () => gain * (2 * random() - 1));
      await writeFile(join(cwd, folder, `${at}.wav`), wavBytes(samples));
    }
  }
  const { code, stdout } = await stepreel(['models', 'drift', '--reference', 'before', '--recent', 'after'], { cwd });
  expect(code).toBe(78);
  expect(stdout).toMatch(/rmsDb +drifted/);
  expect(stdout).toMatch(/seconds +stable/);
});

it('what a model says of its inputs is compared too: scores, boxes and classes', async () => {
  const cwd = await testFolder();
  const coco = (confidence: number, classes: number[]) => ({
    info: {},
    images: Array.from({ length: 30 }, (_, id) => ({ id: id + 1, width: 100, height: 100, file_name: `${id}.jpg` })),
    categories: [
      { id: 1, name: 'person' },
      { id: 2, name: 'car' },
    ],
    annotations: Array.from({ length: 60 }, (_, at) => ({
      ...{ id: at + 1, image_id: 1 + (at % 30), category_id: classes[at % classes.length]! },
      ...{ bbox: [10, 10, 20, 20 + (at % 5)], area: 400, iscrowd: 0, segmentation: [] },
      score: confidence + 0.002 * (at % 50),
    })),
  });
  await writeFile(join(cwd, 'first.coco.json'), JSON.stringify(coco(0.85, [1, 1, 2])));
  await writeFile(join(cwd, 'last.coco.json'), JSON.stringify(coco(0.55, [2, 2, 2])));
  const args = ['--json', 'models', 'drift', '--reference', 'first.coco.json', '--recent', 'last.coco.json'];
  const { documents } = await stepreel(args, { cwd });
  const features = documents[0]!.features as { feature: string; verdict: string }[];
  expect(Object.fromEntries(features.map(({ feature, verdict }) => [feature, verdict]))).toEqual({
    score: 'drifted',
    boxShare: 'stable',
    class: 'drifted',
    boxesPerPicture: 'stable',
  });
});

it('lines of numbers are compared by their fields, and what is in no file is told', async () => {
  const cwd = await testFolder();
  const lines = (from: number) =>
    Array.from({ length: 40 }, (_, at) =>
      JSON.stringify({ id: `clip-${at}`, blur: from + at, kind: at % 2 ? 'a' : 'b' }),
    );
  await writeFile(join(cwd, 'a.jsonl'), lines(0).join('\n'));
  await writeFile(join(cwd, 'b.jsonl'), lines(100).join('\n'));
  const args = ['--json', 'models', 'drift', '--reference', 'a.jsonl', '--recent', 'b.jsonl', '--save', 'b.json'];
  const { documents, code } = await stepreel(args, { cwd });
  expect(code).toBe(78);
  expect(documents[0]!.features).toMatchObject([
    { feature: 'id', verdict: 'stable' },
    { feature: 'blur', verdict: 'drifted' },
    { feature: 'kind', verdict: 'stable' },
  ]);
  expect(JSON.parse(await readFile(join(cwd, 'b.json'), 'utf8')).features.blur).toHaveLength(40);
  const missing = await stepreel(['models', 'drift', '--reference', 'gone', '--recent', 'b.json'], { cwd });
  expect([missing.code, missing.stderr]).toEqual([66, expect.stringContaining("gone can't be read")]);
});
