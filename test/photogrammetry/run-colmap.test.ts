import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { toErrorDocument } from '#core/errors';
import { explainFailure } from '#jobs/explain-failure';
import { openColmap } from '#photogrammetry/colmap';
import { colmapArguments, runColmap } from '#photogrammetry/run-colmap';
import workload from '#workloads/reconstruct/workload';
import { testFolder } from '../helpers/folder.ts';

afterEach(() => vi.unstubAllEnvs());

/** A COLMAP whose commands do what the script says. */
async function given(script: string): Promise<void> {
  const path = join(await testFolder(), 'colmap');
  const help = 'if [ "$1" = help ]; then echo "COLMAP 3.8 -- without CUDA"; exit 0; fi';
  await writeFile(path, `#!/bin/sh\n${help}\n${script}\n`);
  await chmod(path, 0o755);
  vi.stubEnv('STEPREEL_COLMAP', path);
}

const failure = (run: Promise<unknown>) => run.then(() => undefined, toErrorDocument);

describe('COLMAP that does not come to its own end', () => {
  it('killed: the platform takes it for a lack of memory and proposes the next size', async () => {
    await given('kill -KILL $$');
    const error = (await failure(runColmap('mapper', {})))!;
    expect(error.name).toBe('TransientError');
    const explained = explainFailure({
      job: { id: 'reconstruct-1', workload: 'reconstruct' },
      error: { code: error.name, name: error.name, message: error.message, step: 'EstimateCameras' } as never,
      workload,
    });
    expect(explained).toMatchObject({ kind: 'memory', next: 'stepreel redrive reconstruct-1 --size next' });
  });

  it.each([
    { name: 'denied memory', script: 'echo "terminate called: std::bad_alloc"; exit 134', says: 'TransientError' },
    { name: 'told to stop', script: 'kill -TERM $$', says: 'TransientError' },
    { name: 'crashed', script: 'kill -SEGV $$', says: 'ToolError' },
    { name: 'disk full', script: 'echo "database or disk is full"; exit 1', says: 'ResourceError' },
  ])('$name: $says', async ({ script, says }) => {
    await given(script);
    expect((await failure(runColmap('mapper', {})))!.name).toBe(says);
  });

  it('aborted: it is ended, and the reason is the one of whoever aborted', async () => {
    await given('exec sleep 30');
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 200);
    await expect(runColmap('mapper', {}, { signal: stop.signal })).rejects.toThrow('enough');
  });
});

describe('the commands', () => {
  it('flags are 0 and 1, what is undefined is left out', () => {
    expect(colmapArguments({ a: true, 'B.b': false, c: undefined, d: 3, e: 'x y' })).toEqual([
      '--a',
      '1',
      '--B.b',
      '0',
      '--d',
      '3',
      '--e',
      'x y',
    ]);
  });

  it('say whether a GPU is used, by word, and where chance begins (pitfall 45)', async () => {
    await given('echo "$@" >> "$STEPREEL_ARGS"');
    const folder = await testFolder();
    vi.stubEnv('STEPREEL_ARGS', join(folder, 'args'));
    const engine = await openColmap();
    await engine.extractFeatures(
      {
        ...{ database: join(folder, 'd.db'), pictures: folder, names: ['a.jpg'], cameras: 'single' },
        ...{
          cameraModel: 'SIMPLE_RADIAL',
          maxSidePixels: 1600,
          maxFeatures: 100,
          affine: false,
          threads: 0,
          gpu: false,
        },
      },
      {},
    );
    await engine.matchFeatures(
      { database: join(folder, 'd.db'), pairing: { kind: 'exhaustive' }, maxMatches: 100, threads: 1, gpu: false },
      {},
    );
    const { readFile } = await import('node:fs/promises');
    const [extract, match] = (await readFile(join(folder, 'args'), 'utf8')).split('\n') as [string, string];
    expect(extract).toMatch(/^feature_extractor .*--SiftExtraction.use_gpu 0/);
    expect(extract).toContain('--random_seed 0');
    expect(extract).toContain('--SiftExtraction.num_threads -1');
    expect(match).toMatch(/^exhaustive_matcher .*--SiftMatching.num_threads 1 --SiftMatching.use_gpu 0/);
  });

  it('no model is an answer, another failure is none', async () => {
    const folder = await testFolder();
    const request = {
      database: '',
      pictures: '',
      folder: join(folder, 'models'),
      adjustmentRounds: 1,
      minPictures: 3,
      threads: 0,
    };
    await given('echo "ERROR: failed to create sparse model"; exit 1');
    expect(await (await openColmap()).mapCameras(request, {})).toEqual([]);
    await given('echo "Check failed: x"; exit 1');
    await expect((await openColmap()).mapCameras(request, {})).rejects.toThrow(/ended with code 1.*Check failed/);
  });

  it('weigh the stages of a dense cloud, and never run backwards: stereo goes over all views twice', async () => {
    await given(`case "$1" in
      image_undistorter) echo 'Undistorting image [1/2]'; echo 'Undistorting image [2/2]' ;;
      patch_match_stereo) for round in 1 2; do for view in 1 2; do echo "Processing view $view / 2 for a.jpg"; done; done ;;
      stereo_fusion) echo 'Fusing image [1/2] with 3 points'; echo 'Fusing image [2/2] with 9 points' ;;
    esac`);
    const told: number[] = [];
    const folder = await testFolder();
    const engine = await openColmap();
    const request = { pictures: folder, model: folder, folder: join(folder, 'dense'), maxSidePixels: 1000 };
    await engine.densify(request, { onProgress: (done, total) => told.push((100 * done) / total) });
    expect(told).toEqual([1, 2, 24, 46, 68, 90, 95, 100]);
  });

  it('tell how far they are', async () => {
    await given('echo "Processed file [2/5]"');
    const told: number[][] = [];
    const engine = await openColmap();
    const request = { pictures: '.', names: [], cameras: 'single', cameraModel: 'PINHOLE', maxSidePixels: 1 } as const;
    const rest = { maxFeatures: 1, affine: false, threads: 1, gpu: false, database: join(await testFolder(), 'd') };
    await engine.extractFeatures({ ...request, ...rest }, { onProgress: (done, total) => told.push([done, total]) });
    expect(told).toEqual([[2, 5]]);
  });
});
