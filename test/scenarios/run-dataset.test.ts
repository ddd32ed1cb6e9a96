import { access, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cocoSchema } from '#annotation/formats/coco';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

/** Runs the workload on a clip and gives back how it ended and where the result is. */
async function runOn(folder: string, clip: string, { output = 'out', more = [] as string[] } = {}) {
  const model = await tinyDetector(folder);
  const result = join(folder, output);
  const ended = await stepreel([
    'run',
    'dataset',
    '--input',
    clip,
    '--output',
    result,
    '--param',
    `model=${model}`,
    '--json',
    ...more,
  ]);
  return { ...ended, result };
}

const readJson = async (...path: string[]) => JSON.parse(await readFile(join(...path), 'utf8'));

describe('stepreel run dataset', () => {
  it.concurrent('goes through the states of the ASL file and leaves a result that verifies', async () => {
    const folder = await testFolder();
    const { code, documents, result } = await runOn(folder, await drawClip(folder));
    expect(code).toBe(0);
    const machine = await readJson(import.meta.dirname, '../../statemachines/dataset.asl.json');
    const entered = documents.filter(({ type }) => String(type).endsWith('StateEntered')).map(({ state }) => state);
    const inside = Object.keys(machine.States.DetectShards.ItemProcessor.States);
    expect([...Object.keys(machine.States), ...inside]).toEqual(expect.arrayContaining(entered as string[]));
    expect(entered).toEqual([
      'ValidateInput',
      'PlanExtractFrames',
      'ExtractFrames',
      'PlanShards',
      'PlanDetectObjects',
      'DetectShards',
      'ChooseDevice',
      'DetectObjectsOnCpu',
      'WriteReport',
      'JobSucceeded',
    ]);
    expect((await stepreel(['verify', result])).code).toBe(0);
    expect((await stat(join(result, '_SUCCESS'))).size).toBe(0);
  });

  it.concurrent('labels every kept frame, and every picture of the dataset is there', async () => {
    const folder = await testFolder();
    const { result } = await runOn(folder, await drawClip(folder), { more: ['--param', 'every=4'] });
    const coco = cocoSchema.parse(await readJson(result, 'annotations.coco.json'));
    expect(coco.images.map(({ frame }) => frame)).toEqual([0, 4, 8, 12, 16]);
    expect(coco.images.map(({ seconds }) => seconds)).toEqual([0, 0.4, 0.8, 1.2, 1.6]);
    expect(coco.annotations).toHaveLength(5);
    await Promise.all(coco.images.map(({ file_name }) => access(join(result, 'images', file_name))));
    const { frames } = await readJson(result, 'stats.json');
    expect(frames).toEqual({
      decoded: 20,
      skippedBySampling: 15,
      sampled: 5,
      blurry: 0,
      duplicates: 0,
      kept: 5,
      dropRatio: 0,
    });
    // What is paid for by the piece: a job of one shard has ten at most.
    const { cost } = await readJson(result, 'receipt.json');
    expect(cost.transitions).toBe(10);
  });

  it.concurrent('gives the same bytes from run to run, receipt aside, in one shard or in many', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder);
    const [once, again, sharded] = [
      await runOn(folder, clip, { output: 'once' }),
      await runOn(folder, clip, { output: 'again' }),
      await runOn(folder, clip, { output: 'sharded', more: ['--param', 'framesPerShard=3'] }),
    ];
    expect(await resultDigests(again.result)).toEqual(await resultDigests(once.result));
    const coco = 'annotations.coco.json';
    expect(await readFile(join(sharded.result, coco), 'utf8')).toBe(await readFile(join(once.result, coco), 'utf8'));
  });

  it.concurrent('succeeds on a single frame', async () => {
    const folder = await testFolder();
    const { code, result } = await runOn(folder, await drawClip(folder, { seconds: 0.1 }));
    expect(code).toBe(0);
    expect((await readJson(result, 'annotations.coco.json')).images).toHaveLength(1);
  });

  it.concurrent('uses what there is of a video that is cut in the middle, and says where it stopped', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder, { seconds: 4, size: '640x360' });
    await truncate(clip, Math.floor((await stat(clip)).size * 0.6));
    const { code, documents, result } = await runOn(folder, clip);
    expect(code).toBe(65);
    expect(documents.at(-1)).toMatchObject({ event: 'result', status: 'PARTIAL' });
    await access(join(result, '_PARTIAL'));
    await expect(access(join(result, '_SUCCESS'))).rejects.toThrow();
    const manifest = await readJson(result, 'manifest.json');
    expect(manifest).toMatchObject({
      outcome: 'partial',
      missing: [expect.stringMatching(/the video after frame \d+/)],
    });
    expect(await readFile(join(result, 'report.html'), 'utf8')).toContain('Partial');
    expect((await stepreel(['verify', result])).code).toBe(0);
  });

  it.concurrent('writes YOLO labels, Pascal VOC and a split on request', async () => {
    const folder = await testFolder();
    const more = ['--param', 'formats=["yolo","voc"]', '--param', 'split={"train":0.5,"val":0.5,"distance":0}'];
    const { code, result } = await runOn(folder, await drawClip(folder), { more });
    expect(code).toBe(0);
    expect(await readFile(join(result, 'labels/frame_000000.txt'), 'utf8')).toMatch(/^0( 0\.\d{6}){4}\n$/);
    expect(await readFile(join(result, 'voc/frame_000000.xml'), 'utf8')).toContain('<name>person</name>');
    const [all, train, val] = await Promise.all(
      ['annotations.coco.json', 'annotations.train.coco.json', 'annotations.val.coco.json'].map((name) =>
        readJson(result, name),
      ),
    );
    expect(train.images.length + val.images.length).toBe(all.images.length);
    const checks = (await readJson(result, 'stats.json')).quality as { name: string; passed: boolean }[];
    expect(checks.find(({ name }) => name === 'no picture in two splits')).toMatchObject({ passed: true });
  });

  it.concurrent('keeps dropped frames apart when all are asked for', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder, { source: 'smptebars' });
    const { result } = await runOn(folder, clip, { more: ['--param', 'keepAll=true', '--param', 'blurThreshold=1'] });
    await access(join(result, 'images/frame_000000.jpg'));
    await access(join(result, 'dropped/frame_000001.jpg'));
  });

  it.concurrent.each([
    { name: 'spaces and quotes', file: `site "A" it's.mp4` },
    { name: 'a newline', file: 'two\nlines.mp4' },
    { name: 'letters that are not Latin', file: 'стройка 工地.mp4' },
    { name: 'a leading dash', file: '-rf.mp4' },
    { name: 'what ffmpeg takes for a pattern or a protocol', file: 'concat:%03d[1].mp4' },
    { name: 'markup', file: '<img src=x onerror=alert(1)>.mp4' },
  ])('takes a file whose name has $name', async ({ file }) => {
    const folder = await testFolder();
    const { code, result } = await runOn(folder, await drawClip(folder, { name: file, seconds: 0.5 }));
    expect(code).toBe(0);
    expect((await readJson(result, 'manifest.json')).input[0].name).toBe(file);
    expect(await readFile(join(result, 'report.html'), 'utf8')).not.toContain('<img src=x');
  });

  it.concurrent('shows on a dry run what it would do, and does nothing', async () => {
    const folder = await testFolder();
    const { code, documents, result } = await runOn(folder, await drawClip(folder), {
      more: ['--dry-run', '--param', 'every=3'],
    });
    expect(code).toBe(0);
    const [plan] = documents as { preview: { what: string; value: unknown }[] }[];
    expect(plan!.preview).toEqual(
      expect.arrayContaining([
        { what: 'frames to decode', value: 20 },
        { what: 'frames to sample', value: 7 },
        { what: 'model', value: expect.stringContaining('tiny 1.0.0') },
      ]),
    );
    await expect(access(result)).rejects.toThrow();
  });

  it.concurrent('replaces an earlier result when forced to', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder);
    await runOn(folder, clip);
    expect((await runOn(folder, clip)).code).toBe(64);
    expect((await runOn(folder, clip, { more: ['--force', '--param', 'every=10'] })).code).toBe(0);
    expect((await readJson(folder, 'out', 'annotations.coco.json')).images).toHaveLength(2);
  });
});

describe('stepreel verify', () => {
  it.concurrent.each([
    { name: 'a picture', file: 'images/frame_000000.jpg' },
    { name: 'the annotations', file: 'annotations.coco.json' },
    { name: 'the report', file: 'report.html' },
    { name: 'the manifest itself', file: 'manifest.json' },
    { name: 'the marker', file: '_SUCCESS' },
  ])('disagrees after one byte of $name was changed', async ({ file }) => {
    const folder = await testFolder();
    const { result } = await runOn(folder, await drawClip(folder, { seconds: 0.5 }));
    const bytes = await readFile(join(result, file));
    await writeFile(join(result, file), bytes.length === 0 ? Buffer.from('x') : flipLastDigit(bytes));
    const ended = await stepreel(['verify', result]);
    expect(ended).toMatchObject({ code: 65, stderr: expect.stringContaining(file) });
  });
});

/** Changes one byte in the middle to another one of the same kind, so that JSON stays JSON. */
function flipLastDigit(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const digit = [...changed.keys()].findLast((at) => changed[at]! >= 0x30 && changed[at]! <= 0x38)!;
  changed[digit]! += 1;
  return changed;
}
