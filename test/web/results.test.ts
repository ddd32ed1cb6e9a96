import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '#jobs/registry';
import { drawExampleClip } from '#media/scenes/example-clip';
import { openStateFolder } from '#runtime/environment';
import { builtIn } from '#workloads/index';
import { aWindow, chromiumPath, complaints, turnsByKeys } from '../helpers/browser.ts';
import { type DevServer, startDevServer } from '../helpers/dev-server.ts';
import { DRAWN_STEPS, drawnReconstruction } from '../helpers/drawn-reconstruction.ts';
import { testFolder } from '../helpers/folder.ts';
import { aPageServer } from '../helpers/page-server.ts';
import { runSteps } from '../helpers/run-steps.ts';

describe.skipIf(!chromiumPath)('the status page of `stepreel dev`', { timeout: 240_000 }, () => {
  let folder: string;
  let server: DevServer;
  beforeAll(async () => {
    folder = await testFolder();
    server = await startDevServer(folder);
  });

  afterAll(async () => {
    await server?.stop();
    expect(complaints).toEqual([]);
  });

  // The example clip is three of such films: one is enough, for two workloads.
  let film: Promise<string> | undefined;
  const shortFilm = () => {
    film ??= drawExampleClip(folder, [{ seed: 'station-28', family: 'house-build' }]).then(({ clip }) => clip);
    return film;
  };

  async function exampleOf(workload: string): Promise<string[]> {
    const { example } = await openRegistry(builtIn).get(workload);
    const place = join(folder, workload);
    mkdirSync(place);
    return (await (await example!()).drawExample(place)).map(({ uri }) => uri);
  }

  /** Chooses the workload and its files, as a person would, and waits for the end. */
  async function run(workload: string, files: string[], params: Record<string, string> = {}): Promise<Page> {
    const page = await aWindow(`${server.url}/#/submit?workload=${workload}`);
    await page.getByLabel(/^Drop/).setInputFiles(files);
    for (const [name, value] of Object.entries(params)) await page.getByLabel(name, { exact: true }).fill(value);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByRole('heading', { name: /Succeeded/ }).waitFor({ timeout: 200_000 });
    return page;
  }

  it('shows the pictures of a dataset with their boxes, and its report in a frame that can do nothing to us', async () => {
    const page = await run('dataset', [await shortFilm()], { every: '10' });
    await page.getByRole('img', { name: /^images\/frame_000000\.jpg: .*vehicle/ }).waitFor();
    const boxes = page.locator('.gallery figure rect');
    const before = await boxes.count();
    expect(before).toBeGreaterThan(3);
    await page.getByRole('checkbox', { name: /vehicle/ }).uncheck();
    await expect.poll(() => boxes.count()).toBeLessThan(before);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('2 of').waitFor();

    await page.getByText('Report', { exact: true }).click();
    const frame = page.frameLocator('iframe');
    await frame.locator('h1').waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('allow-scripts');
  });

  it('shows the frames that are wrong in a clip, with what is wrong', async () => {
    const page = await run('clip-qc', await exampleOf('clip-qc'));
    await page.getByRole('heading', { name: /Artifact: Text inconsistency/ }).waitFor();
    const evidence = page.getByRole('img', { name: /^Frame \d+: .*became/ });
    await evidence.first().waitFor();
    await expect.poll(() => evidence.first().evaluate((one) => (one as HTMLImageElement).naturalWidth)).toBe(1280);
  });

  it('plays a video, with what was seen in it over time, and jumps to a moment of it', async () => {
    const page = await run('annotate', [await shortFilm()], { every: '10' });
    const video = page.locator('video');
    await page.getByText(/^person at most/).waitFor();
    // Only a server that gives parts of a file lets a player jump.
    await expect
      .poll(() => video.evaluate((one) => (one as HTMLVideoElement).readyState), { timeout: 20_000 })
      .toBeGreaterThan(0);
    await page.locator('.timeline svg').click({ position: { x: 500, y: 20 } });
    const at = () => video.evaluate((one) => (one as HTMLVideoElement).currentTime);
    await expect.poll(at).toBeGreaterThan(1);
  });

  it('shows letters where they were heard, over the waveform, and why one is wrong', async () => {
    const page = await run('letter-asr', await exampleOf('letter-asr'));
    const phrase = page.locator('letter-waveform section').first();
    await phrase.locator('.wave path').waitFor();
    const heard = await phrase.locator('.wave text.correct, .wave text.wrong').allTextContents();
    expect(heard).toEqual(['a_letter', 'b_letter', 'c_letter']);
    // The sound is there where a letter was heard: the marks lie within the drawing, in the order of the letters.
    const lefts = await phrase
      .locator('.wave rect')
      .evaluateAll((marks) => marks.map((mark) => Number(mark.getAttribute('x'))));
    expect(lefts).toEqual(lefts.toSorted((one, other) => one - other));
    await phrase.getByRole('button', { name: /^c_letter/ }).click();
    await phrase.getByText(/c_letter: wrong; heard d iː at 1\.\d+–2\.\d+ s/).waitFor();
  });
});

describe.skipIf(!chromiumPath)('a reconstruction', () => {
  it('turns by the keyboard on the page and in its report, with its points and cameras beside the mesh', async () => {
    const folder = await testFolder();
    await runSteps(drawnReconstruction, DRAWN_STEPS, { folder, input: [{ name: 'cube.mp4', uri: '/cube.mp4' }] });
    await succeeded(folder);
    const server = await aPageServer(folder, {
      workloads: { reconstruct: async () => drawnReconstruction },
      stateMachines: join(import.meta.dirname, '../../statemachines'),
    });
    const page = await aWindow(`${server.url}/#/jobs/reconstruct-1`);
    await turnsByKeys(page, page.getByRole('img', { name: /^mesh\.ply: 8 points, 12 triangles; cameras: 4\./ }));
    await page.getByRole('checkbox', { name: /^sparse\.ply/ }).check();
    await page.getByRole('img', { name: /sparse\.ply: 8 points/ }).waitFor();
    await page.getByRole('checkbox', { name: /^mesh\.ply/ }).uncheck();
    await page.getByRole('img', { name: /^sparse\.ply: 8 points; cameras: 4\./ }).waitFor();

    await page.getByText('Report', { exact: true }).click();
    await turnsByKeys(page, page.frameLocator('iframe').locator('#view'));
    await page.getByRole('img', { name: /^State machine:/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  /** What the job store says of a job whose last step has ended. */
  async function succeeded(folder: string): Promise<void> {
    const { jobs } = await openStateFolder(join(folder, 'state'));
    await jobs.transition('reconstruct-1', 'RUNNING');
    await jobs.transition('reconstruct-1', 'SUCCEEDED');
  }
});

describe.skipIf(!chromiumPath)('a point cloud', () => {
  it('is drawn, turns by the keyboard, and says what is wrong with it when it is none', async () => {
    const server = await aPageServer();
    const id = await server.submit('a cloud', { name: 'cloud.txt' });
    await server.comesTo(id, 'SUCCEEDED');
    const page = await aWindow('about:blank');
    const cube = Array.from({ length: 8 }, (_, i) => `${i & 1} ${(i >> 1) & 1} ${i >> 2} 255 ${i * 30} 0`);
    const colors = ['red', 'green', 'blue'].map((name) => `property uchar ${name}`);
    const head = [
      'ply',
      'format ascii 1.0',
      'element vertex 8',
      'property float x',
      'property float y',
      'property float z',
    ];
    const ply = [...head, ...colors, 'end_header', ...cube, ''].join('\n');
    // A result of another workload: only the answers are put in the way, the page is the whole one.
    const file = (path: string) => ({ path, sha256: '', bytes: 1, mediaType: 'application/octet-stream' });
    const results = {
      manifest: { workload: 'reconstruct', missing: [], outcome: 'complete' },
      files: [{ ...file('sparse.ply'), href: `${server.url}/jobs/${id}/files/sparse.ply` }],
      documents: [],
    };
    let text = ply;
    await page.route('**/results?*', (route) => route.fulfill({ json: results }));
    await page.route('**/sparse.ply', (route) => route.fulfill({ body: text }));
    await page.goto(`${server.url}/#/jobs/${id}`);
    const canvas = page.getByRole('img', { name: /sparse\.ply: 8 points/ });
    await turnsByKeys(page, canvas);

    text = 'not a cloud';
    await page.reload();
    await page.getByText(/does not begin like a PLY file/).waitFor();
  });
});
