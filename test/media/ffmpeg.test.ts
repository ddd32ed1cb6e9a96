import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MediaError, ResourceError, TransientError } from '#core/errors';
import { type FfmpegEnd, ffmpegFailure, startFfmpeg } from '#media/ffmpeg';
import { aClip, aFile, aFolder, extract, probe } from '../helpers/media-clips.ts';

const CARD = ['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=5:d=1'];

describe('names of files', () => {
  it.each([
    { name: 'with blanks in it.mp4' },
    { name: `'single' "double".mp4` },
    { name: 'two\nlines.mp4' },
    { name: 'видео-影片-🎬.mp4' },
    { name: '-i.mp4' },
    { name: '%03d.mp4' },
    { name: 'http:a.mp4' },
    { name: 'concat:a|b.mp4' },
    { name: 'a[0].mp4' },
    { name: 'back\\slash.mp4' },
    { name: '*?$HOME`id`.mp4' },
  ])('$name is a plain local file, as input and as folder', async ({ name }) => {
    const clip = await aClip('plain.mp4', ...CARD);
    const path = join(dirname(clip), name);
    await rename(clip, path);
    const folder = join(await aFolder(), name);
    await mkdir(folder);
    const { kept, files } = await extract(path, { folder });
    expect({ kept, first: files[0], count: files.length }).toEqual({ kept: 5, first: 'frame_000000.jpg', count: 5 });
  });

  it('a name relative to the working folder that begins with a dash', async () => {
    const clip = await aClip('-y.mp4', ...CARD);
    const before = process.cwd();
    const media = await probe(clip);
    process.chdir(dirname(clip));
    onTestFinished(() => process.chdir(before));
    expect((await extract('-y.mp4', { media })).kept).toBe(5);
  });
});

describe('files that point elsewhere', () => {
  it.each([
    { name: 'a playlist', script: (target: string) => `#EXTM3U\n#EXTINF:9,\n${target}\n#EXT-X-ENDLIST\n` },
    { name: 'a concat script', script: (target: string) => `ffconcat version 1.0\nfile '${target}'\n` },
    {
      name: 'a DASH manifest',
      script: (target: string) => `<?xml version="1.0"?><MPD><BaseURL>${target}</BaseURL></MPD>`,
    },
  ])('$name that a probe would call an mp4 opens neither a file nor the network', async ({ script }) => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
    const { port } = server.address() as AddressInfo;
    const local = await aClip('local.ts', ...CARD);
    const media = await probe(await aClip('model.mp4', ...CARD));
    for (const target of [`http://127.0.0.1:${port}/a.ts`, local]) {
      // With the demuxer told and with none: ffmpeg is to refuse both by itself.
      for (const container of ['MPEG-4', 'Matroska', 'AVI']) {
        const path = await aFile('clip.mp4', script(target));
        await expect(extract(path, { media: { ...media, container } })).rejects.toThrow(MediaError);
      }
      const guessing = await startFfmpeg({
        input: { source: { path: await aFile('clip.mp4', script(target)) } },
        output: { target: 'stdout', options: ['-f', 'null'] },
      });
      expect(await guessing.stdout.toArray()).toEqual([]);
      expect((await guessing.ended).exitCode).not.toBe(0);
    }
    expect(asked).toEqual([]);
  });
});

describe('an ffmpeg process', () => {
  const endless = () =>
    startFfmpeg({
      // Waits for pictures that nobody sends.
      input: { source: 'stdin', options: ['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', '16x16'] },
      output: { target: 'stdout', options: ['-f', 'null'] },
    });

  it('is gone when stop returns', async () => {
    const running = await endless();
    expect(isAlive(running.pid)).toBe(true);
    await running.stop();
    expect(isAlive(running.pid)).toBe(false);
    await running.stop();
  });

  it('is gone when an extraction is aborted, and no picture is left', async () => {
    const clip = await aClip('long.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=20');
    const before = await children();
    const abort = new AbortController();
    const folder = join(await aFolder(), 'frames');
    const extracting = extract(clip, {
      folder,
      signal: abort.signal,
      onProgress: ({ sampled }) => {
        if (sampled === 20) abort.abort();
      },
    });
    await expect(extracting).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(await children()).toEqual(before);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not started when the signal is aborted already', async () => {
    const clip = await aClip('a.mp4', ...CARD);
    await expect(extract(clip, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });

  it.each([
    {
      complaint: 'av_interleaved_write_frame(): No space left on device',
      error: ResourceError,
      message: 'The disk is full',
    },
    { complaint: 'moov atom not found', error: MediaError, message: "a.mp4 can't be decoded: moov atom not found." },
  ])('that says "$complaint" failed for that reason', ({ complaint, error, message }) => {
    const failure = ffmpegFailure('a.mp4', {
      ...{ exitCode: 1, interrupted: false, complaints: [complaint], complaintCount: 1 },
    });
    expect(failure).toBeInstanceOf(error);
    expect(failure.message).toContain(message);
  });

  it('that says nothing is told by its code', () => {
    const end: FfmpegEnd = { exitCode: 187, interrupted: false, complaints: [], complaintCount: 0 };
    expect(ffmpegFailure('a.mp4', end).message).toBe("a.mp4 can't be decoded: ffmpeg ended with code 187.");
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'that is ended by %s from outside is no end of the video',
    async (signal) => {
      const clip = await aClip('long.mp4', '-f', 'lavfi', '-i', 'testsrc2=s=320x240:r=25:d=20');
      const folder = join(await aFolder(), 'frames');
      const before = await children();
      const extracting = extract(clip, {
        folder,
        onProgress: async ({ sampled }) => {
          if (sampled !== 20) return;
          const started = (await children()).split(' ').filter((pid) => pid !== '' && !before.includes(pid));
          for (const pid of started) process.kill(Number(pid), signal);
        },
      });
      await expect(extracting).rejects.toThrow(TransientError);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('a full disk under the records is a ResourceError', async () => {
    const clip = await aClip('a.mp4', ...CARD);
    await expect(extract(clip, { recordsPath: '/dev/full' })).rejects.toThrow(ResourceError);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Processes that this one has started and that are still there (Linux; elsewhere none are seen). */
async function children(): Promise<string> {
  return readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').catch(() => '');
}
