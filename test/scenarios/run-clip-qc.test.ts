import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import type { Kind } from '#workloads/clip-qc/example/kinds';
import { predictionSchema } from '#workloads/clip-qc/prediction';
import { testFolder } from '../helpers/folder.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';

async function aClip(kind: Kind, folder: string) {
  const film = inventFilm(kind, 7, { width: 640, height: 360, seconds: 3, framesPerSecond: 5, backdrops: ['clouds'] });
  return encodeFilm(film, folder, `${kind}.mp4`);
}

async function run(clip: string, output: string) {
  return stepreel(['run', 'clip-qc', '--input', clip, '--output', output, '--json']);
}

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

describe('stepreel run clip-qc', () => {
  it.concurrent('finds text that changes by itself, shows where, and gives the same bytes again', async () => {
    const folder = await testFolder();
    const clip = await aClip('text-mutation', folder);
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const { code, documents } = await run(clip, first);
    expect(code).toBe(0);
    const entered = documents.filter(({ type }) => String(type).endsWith('StateEntered')).map(({ state }) => state);
    expect(entered).toEqual([
      'ValidateInput',
      'PlanSampleFrames',
      'SampleFrames',
      'PlanMeasureClip',
      'MeasureClip',
      'WriteReport',
      'JobSucceeded',
    ]);
    const result = await readJson(first, 'result.json');
    expect(result).toMatchObject({ artifact: true, category: 'TEXT_INCONSISTENCY' });
    const [{ frame, seconds, sourceFrame }] = result.evidence.boxes;
    expect(seconds).toBeCloseTo(result.sampled.frames[frame].seconds, 9);
    expect(sourceFrame).toBe(result.sampled.frames[frame].index);
    expect(predictionSchema.parse(await readJson(first, 'prediction.json')).artifact).toBe(true);
    const report = await readFile(join(first, 'report.html'), 'utf8');
    expect(report).toContain('Text changes by itself');
    expect(report).not.toMatch(/<script|https?:\/\/|src="(?!data:)/);

    expect((await stepreel(['verify', first])).code).toBe(0);
    expect((await run(clip, second)).code).toBe(0);
    expect(await resultDigests(second)).toEqual(await resultDigests(first));
  });

  it.concurrent('finds nothing in a clip whose text stands still', async () => {
    const folder = await testFolder();
    const { code } = await run(await aClip('clean-text', folder), join(folder, 'out'));
    expect(code).toBe(0);
    expect(await readJson(folder, 'out', 'result.json')).toMatchObject({
      artifact: false,
      category: 'NONE',
      evidence: null,
    });
  });
});

describe('stepreel qc', () => {
  it.concurrent('judges a folder: one line a clip, and no success when one of them failed', async () => {
    const folder = await testFolder();
    await aClip('clean-text', folder);
    await writeFile(join(folder, 'broken.mp4'), 'no video');
    const output = join(folder, 'predictions.jsonl');
    const { code } = await stepreel(['qc', 'batch', '--input', folder, '--output', output]);
    expect(code).toBe(65);
    const lines = (await readFile(output, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { clip_id: 'broken', error: expect.stringContaining('MediaError') },
      { clip_id: 'clean-text', artifact: false },
    ]);
    expect(lines[0]).not.toHaveProperty('artifact');
  });

  it.concurrent('evaluates labels, and the gate refuses a model that was looked at on too few clips', async () => {
    const folder = await testFolder();
    await aClip('clean-text', folder);
    const head = 'clip_id,path,artifact,artifact_category,source,notes';
    await writeFile(join(folder, 'labels.csv'), `${head}\nclean,clean-text.mp4,false,NONE,drawn,\n`);
    const output = join(folder, 'evaluation');
    expect((await stepreel(['qc', 'eval', '--labels', join(folder, 'labels.csv'), '--output', output])).code).toBe(0);
    const file = join(output, 'eval_results.json');
    expect(await readJson(file)).toMatchObject({
      clips: 1,
      confusion_matrix: [
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
    });
    const gate = await stepreel(['models', 'gate', 'clip-qc-artifacts@1.0.0', '--evaluation', file]);
    expect(gate.code).toBe(78);
  });
});
