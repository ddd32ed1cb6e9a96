import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { locateFfmpeg } from '#media/ffmpeg';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

interface BadInput {
  name: string;
  /** Makes the input. @returns its path. */
  make: (folder: string) => Promise<string>;
  code: number;
  says: RegExp;
  /** What every workload of videos refuses, unless this names one. */
  workload?: string;
}

const write = (name: string, content: string | Uint8Array) => async (folder: string) => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

const BAD_INPUTS: BadInput[] = [
  {
    name: 'a missing file',
    make: async (folder) => join(folder, 'absent.mp4'),
    code: 66,
    says: /absent\.mp4.*no such file/,
  },
  { name: 'a folder', make: drawFolder, code: 66, says: /folder\.mp4.*it is a folder/ },
  { name: 'an empty file', make: write('empty.mp4', ''), code: 65, says: /empty\.mp4 is empty \(0 bytes\)/ },
  {
    name: 'a text renamed to .mp4',
    make: write('text.mp4', 'Dear all, the video is attached.\n'.repeat(40)),
    code: 65,
    says: /text\.mp4 is not a media file/,
  },
  { name: 'an ending that is no video', make: write('clip.gif', 'GIF89a'), code: 64, says: /clip\.gif.*\.mp4 \.mov/ },
  { name: 'the first 512 bytes of an mp4', make: drawHead, code: 65, says: /clip\.mp4/ },
  { name: 'an mp4 without its moov', make: drawWithoutMoov, code: 65, says: /clip\.mp4/ },
  { name: 'a file without a video stream', make: drawSound, code: 65, says: /sound\.mp4 has no video stream.*1 audio/ },
  {
    name: 'a video of which cleaning leaves no frame',
    make: (folder) => drawClip(folder, { source: 'color' }),
    workload: 'dataset',
    code: 65,
    says: /No frame of "clip\.mp4" is left.*blurThreshold/,
  },
];

const OF_WORKLOADS = ['dataset', 'annotate'].flatMap((workload) =>
  BAD_INPUTS.filter((bad) => (bad.workload ?? workload) === workload).map((bad) => ({ ...bad, workload })),
);

describe('stepreel run refuses, with one message, its exit code and no result,', () => {
  it.concurrent.each(OF_WORKLOADS)('$name, by $workload', async ({ make, code, says, workload }) => {
    const folder = await testFolder();
    const [input, model] = [await make(folder), await tinyDetector(folder)];
    const before = await readdir(folder);
    const ended = await stepreel([
      'run',
      workload,
      '--input',
      input,
      '--output',
      join(folder, 'out'),
      '--param',
      `model=${model}`,
    ]);
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(says), stdout: '' });
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('a script renamed to .mp4 that points elsewhere is refused, and nothing it names is read:', () => {
  it.concurrent.each([
    {
      name: 'a playlist',
      content: (file: string, url: string) => `#EXTM3U\n#EXTINF:1,\nfile://${file}\n#EXTINF:1,\n${url}\n`,
    },
    {
      name: 'a concat script',
      content: (file: string, url: string) => `ffconcat version 1.0\nfile '${file}'\nfile '${url}'\n`,
    },
  ])('$name', async ({ content }) => {
    const folder = await testFolder();
    const calls: string[] = [];
    const server = createServer((socket) => {
      calls.push('connected');
      socket.destroy();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const secret = await drawClip(folder, { name: 'secret.mp4' });
    const opened = (await stat(secret)).atimeMs;
    const input = await write('list.mp4', content(secret, `http://127.0.0.1:${port}/a.ts`))(folder);
    const ended = await stepreel(['run', 'dataset', '--input', input, '--output', join(folder, 'out')]);
    server.close();
    expect(ended).toMatchObject({ code: 65, stderr: expect.stringContaining('list.mp4') });
    expect(calls).toEqual([]);
    expect((await stat(secret)).atimeMs).toBe(opened);
  });
});

describe('stepreel run refuses, before anything is started,', () => {
  it.concurrent('an unknown parameter, naming it', async () => {
    const folder = await testFolder();
    const model = await tinyDetector(folder);
    const args = ['--input', await drawClip(folder), '--output', join(folder, 'out'), '--param', `model=${model}`];
    const ended = await stepreel(['run', 'dataset', ...args, '--param', 'blurTreshold=3', '--param', 'iou=7']);
    expect(ended).toMatchObject({ code: 64, stdout: '' });
    expect(ended.stderr).toContain('blurTreshold');
    expect(ended.stderr).toContain('iou');
  });

  it.concurrent('an unknown workload, naming those there are', async () => {
    expect(await stepreel(['run', 'datasets', '--input', 'x.mp4'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('dataset'),
    });
  });

  it.concurrent('no input at all', async () => {
    const folder = await testFolder();
    expect(await stepreel(['run', 'dataset'], { cwd: folder })).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--input FILE'),
    });
  });

  it.concurrent('an output folder that is not empty, and leaves it as it is', async () => {
    const folder = await testFolder();
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'out', 'thesis.txt'), 'mine');
    const ended = await stepreel([
      'run',
      'dataset',
      '--input',
      await drawClip(folder),
      '--output',
      join(folder, 'out'),
      '--force',
    ]);
    expect(ended).toMatchObject({ code: 64, stderr: expect.stringContaining('thesis.txt') });
    expect(await readFile(join(folder, 'out', 'thesis.txt'), 'utf8')).toBe('mine');
  });

  it.concurrent('a model whose weights have another digest than its model.json says', async () => {
    const folder = await testFolder();
    const model = await tinyDetector(folder);
    await writeFile(join(model, 'model.onnx'), 'other weights');
    const args = ['--input', await drawClip(folder), '--output', join(folder, 'out'), '--param', `model=${model}`];
    const ended = await stepreel(['run', 'dataset', ...args]);
    expect(ended).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/ModelError.*sha256|ModelError.*SHA-256/is),
    });
    expect(await readdir(folder)).not.toContain('out');
  });

  it.concurrent('a model whose shape is not what its model.json says', async () => {
    const folder = await testFolder();
    const model = await tinyDetector(folder);
    const file = join(model, 'model.json');
    const description = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...description, input: { ...description.input, width: 96 } }));
    const args = ['--input', await drawClip(folder), '--output', join(folder, 'out'), '--param', `model=${model}`];
    const ended = await stepreel(['run', 'dataset', ...args]);
    expect(ended).toMatchObject({ code: 78, stderr: expect.stringMatching(/96/) });
    expect(await readdir(folder)).not.toContain('out');
  });
});

async function drawFolder(folder: string): Promise<string> {
  await mkdir(join(folder, 'folder.mp4'));
  return join(folder, 'folder.mp4');
}

async function drawHead(folder: string): Promise<string> {
  const clip = await drawClip(folder, { seconds: 1 });
  await truncate(clip, 512);
  return clip;
}

async function drawWithoutMoov(folder: string): Promise<string> {
  const clip = await drawClip(folder, { encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] });
  const bytes = await readFile(clip);
  await truncate(clip, bytes.indexOf('moov') - 4);
  return clip;
}

async function drawSound(folder: string): Promise<string> {
  const path = join(folder, 'sound.mp4');
  const { path: ffmpeg } = await locateFfmpeg();
  await promisify(execFile)(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', path]);
  return path;
}
