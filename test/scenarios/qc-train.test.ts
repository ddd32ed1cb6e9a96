import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import { KINDS, type Kind } from '#workloads/clip-qc/example/kinds';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

// Training needs Python with xgboost, which most machines lack: STEPREEL_PYTHON names one that has it.
const python = process.env.STEPREEL_PYTHON;
const canTrain =
  python !== undefined &&
  (await promisify(execFile)(python, ['-c', 'import xgboost, sklearn, onnx']).then(
    () => true,
    () => false,
  ));

async function labelledClips(folder: string): Promise<string> {
  const rows = ['clip_id,path,artifact,artifact_category,source,notes'];
  for (const kind of ['text-mutation', 'texture-flicker', 'clean-no-text'] as Kind[]) {
    for (let seed = 0; seed < 10; seed += 1) {
      const size = { width: 320, height: 180, seconds: 1.2, framesPerSecond: 5 };
      const film = inventFilm(kind, seed, { ...size, backdrops: ['slope'] });
      await encodeFilm(film, folder, `${kind}-${seed}.mp4`);
      rows.push(`${kind}-${seed},${kind}-${seed}.mp4,${KINDS[kind] !== 'NONE'},${KINDS[kind]},drawn,`);
    }
  }
  await writeFile(join(folder, 'labels.csv'), `${rows.join('\n')}\n`);
  return join(folder, 'labels.csv');
}

it.skipIf(!canTrain)(
  'stepreel qc train makes the same model again of the same clips, which can be evaluated, gated and used',
  { timeout: 300_000 },
  async () => {
    const folder = await testFolder();
    const labels = await labelledClips(folder);
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    expect(await stepreel(['qc', 'train', '--labels', labels, '--output', first])).toMatchObject({ code: 0 });
    expect((await stepreel(['qc', 'train', '--labels', labels, '--output', second, '--workers', '2'])).code).toBe(0);
    for (const file of ['model.onnx', 'model.json', 'training.json', 'features.jsonl']) {
      expect((await readFile(join(second, file))).equals(await readFile(join(first, file))), file).toBe(true);
    }
    const { importances, crossValidation } = JSON.parse(await readFile(join(first, 'training.json'), 'utf8'));
    expect(Object.keys(importances).length).toBeGreaterThan(0);
    expect(crossValidation.folds).toBe(5);

    const measured = join(first, 'measured.jsonl');
    const before = await readFile(measured, 'utf8');
    const evaluation = join(folder, 'evaluation');
    const asked = ['--labels', labels, '--output', evaluation, '--model', first, '--features', measured];
    expect((await stepreel(['qc', 'eval', ...asked])).code).toBe(0);
    // Nothing was measured again.
    expect(await readFile(measured, 'utf8')).toBe(before);
    const file = join(evaluation, 'eval_results.json');
    const { clips, criteria, confusion_matrix: counts } = JSON.parse(await readFile(file, 'utf8'));
    expect([clips, counts.flat().reduce((sum: number, count: number) => sum + count, 0)]).toEqual([30, 30]);
    const gate = await stepreel(['models', 'gate', first, '--evaluation', file]);
    expect(gate.code).toBe(criteria.every(({ passed }: { passed: boolean }) => passed) ? 0 : 78);

    const clip = join(folder, 'text-mutation-0.mp4');
    const { code, stdout } = await stepreel(['qc', 'predict', '--input', clip, '--model', first]);
    expect([code, JSON.parse(stdout).clip_id]).toEqual([0, 'text-mutation-0']);
  },
);
