import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCoco } from '#annotation/formats/coco';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

describe('each stage of the dataset workload alone', () => {
  it.concurrent('validate tells what a video is', async () => {
    const clip = await drawClip(await testFolder());
    expect(await stepreel(['validate', '--video', clip])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('320x240, 2.00 s, 20 frames'),
    });
    expect((await stepreel(['validate', '--video', clip, '--json'])).documents).toMatchObject([{ event: 'valid' }]);
  });

  it.concurrent('extract, preprocess, detect and report work on what the one before left', async () => {
    const folder = await testFolder();
    const [frames, clean, coco, report] = ['frames', 'clean', 'found.coco.json', 'report'].map((name) =>
      join(folder, name),
    );
    const clip = await drawClip(folder);
    const model = await tinyDetector(folder);
    expect(await stepreel(['extract', '--video', clip, '--output', frames!, '--fps', '5'])).toMatchObject({ code: 0 });
    expect((await readdir(frames!)).filter((name) => name.endsWith('.jpg'))).toHaveLength(10);
    expect(await stepreel(['preprocess', '--input', frames!, '--output', clean!])).toMatchObject({ code: 0 });
    expect(await stepreel(['detect', '--input', clean!, '--output', coco!, '--model', model])).toMatchObject({
      code: 0,
    });
    const { images, annotations } = parseCoco(JSON.parse(await readFile(coco!, 'utf8')));
    expect(annotations).toHaveLength(images.length);
    expect(await stepreel(['report', '--coco', coco!, '--output', report!, '--images', clean!])).toMatchObject({
      code: 0,
    });
    expect(await readFile(join(report!, 'report.html'), 'utf8')).toContain('data:image/jpeg;base64,');
  });

  it.concurrent('extract takes frames at given times, and says which lie beyond the end', async () => {
    const folder = await testFolder();
    const clip = await drawClip(folder);
    expect(
      await stepreel(['extract', '--video', clip, '--output', join(folder, 'a'), '--times', '0.55,1']),
    ).toMatchObject({ code: 0 });
    expect(await readdir(join(folder, 'a'))).toEqual(expect.arrayContaining(['frame_000005.jpg', 'frame_000010.jpg']));
    const beyond = await stepreel(['extract', '--video', clip, '--output', join(folder, 'b'), '--times', '1,99']);
    expect(beyond).toMatchObject({ code: 64, stderr: expect.stringContaining('99') });
    await expect(access(join(folder, 'b'))).rejects.toThrow();
  });

  it.concurrent.each([
    { name: 'two ways of sampling', args: ['--every', '2', '--fps', '1'], says: 'not several' },
    { name: 'a number that is none', args: ['--every', 'often'], says: 'whole number' },
    { name: 'a threshold below 0', args: ['--blur-threshold', '-1'], says: 'number from 0' },
    { name: 'an option that does not exist', args: ['--evry', '2'], says: '--every' },
  ])('extract refuses $name', async ({ args, says }) => {
    const folder = await testFolder();
    const ended = await stepreel([
      'extract',
      '--video',
      await drawClip(folder),
      '--output',
      join(folder, 'out'),
      ...args,
    ]);
    expect(ended).toMatchObject({ code: 64, stderr: expect.stringContaining(says) });
  });

  it.concurrent('preprocess says that a file can not be read, and goes on', async () => {
    const folder = await testFolder();
    await mkdir(join(folder, 'in'));
    await stepreel(['extract', '--video', await drawClip(folder), '--output', join(folder, 'frames'), '--every', '10']);
    for (const name of ['frame_000000.jpg', 'frame_000010.jpg']) {
      await writeFile(join(folder, 'in', name), await readFile(join(folder, 'frames', name)));
    }
    await writeFile(join(folder, 'in', 'broken.jpg'), 'not a picture');
    const ended = await stepreel(['preprocess', '--input', join(folder, 'in'), '--output', join(folder, 'out')]);
    expect(ended).toMatchObject({ code: 65, stdout: expect.stringContaining('2 pictures kept of 3') });
  });

  it.concurrent('step runs one step, on what earlier calls left in the state folder', async () => {
    const folder = await testFolder();
    const state = join(folder, 'state');
    const step = (name: string, ...more: string[]) =>
      stepreel(['step', 'dataset', name, '--state', state, '--json', ...more]);
    const first = ['--input', await drawClip(folder), '--param', `model=${await tinyDetector(folder)}`];
    expect(await step('ExtractFrames', ...first)).toMatchObject({ code: 70, documents: [{ event: 'error' }] });
    expect((await step('ValidateInput')).code).toBe(0);
    expect((await step('ExtractFrames')).code).toBe(0);
    expect((await step('PlanShards')).documents).toMatchObject([{ output: { shards: [{ first: 0 }] } }]);
    expect((await step('DetectObjects', '--shard', '0')).code).toBe(0);
    const report = await step('WriteReport');
    expect(report.documents).toMatchObject([{ output: { outcome: 'complete' } }]);
    expect((await step('Frobnicate')).code).toBe(64);
  });
});

describe('stepreel tells', () => {
  it.concurrent('its commands, with examples', async () => {
    const { code, stdout } = await stepreel(['--help']);
    expect(code).toBe(0);
    for (const command of [
      'run',
      'validate',
      'extract',
      'preprocess',
      'detect',
      'report',
      'step',
      'verify',
      'workloads',
      'models',
      'doctor',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
      expect((await stepreel([command, '--help'])).stdout).toContain('Example');
    }
  });

  it.concurrent('the parameters of a workload, and their JSON Schema', async () => {
    expect((await stepreel(['workloads', 'dataset'])).stdout).toMatch(/blurThreshold +number +100 /);
    const [document] = (await stepreel(['workloads', 'dataset', '--json'])).documents as {
      params: { properties: object };
    }[];
    expect(document!.params.properties).toHaveProperty('dedupDistance');
  });

  it.concurrent('which models there are, takes one over and verifies them all', async () => {
    const folder = await testFolder();
    const options = { env: { STEPREEL_MODELS: join(folder, 'models') } };
    expect(await stepreel(['models', 'add', await tinyDetector(folder)], options)).toMatchObject({ code: 0 });
    expect((await stepreel(['models', 'list'], options)).stdout).toMatch(/tiny@1\.0\.0/);
    expect(await stepreel(['models', 'verify'], options)).toMatchObject({ code: 0 });
    await writeFile(join(folder, 'models/tiny/1.0.0/model.onnx'), 'other');
    expect(await stepreel(['models', 'verify'], options)).toMatchObject({
      code: 78,
      stdout: expect.stringMatching(/✗ tiny@1\.0\.0/),
    });
    expect(await stepreel(['doctor'], options)).toMatchObject({
      code: 69,
      stdout: expect.stringContaining('tiny@1.0.0'),
    });
  });

  it.concurrent('on a machine without ffmpeg how to get one', async () => {
    const clip = await drawClip(await testFolder());
    const ended = await stepreel(['extract', '--video', clip, '--output', 'nowhere'], {
      env: { STEPREEL_FFMPEG: '/bin/false' },
    });
    expect(ended).toMatchObject({ code: 69, stderr: expect.stringContaining('apt install ffmpeg') });
  });
});
