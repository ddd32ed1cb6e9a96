import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { locateFfmpeg } from '#media/ffmpeg';

/** When each frame of a video is shown, in seconds of the file, as a program that only decodes sees it. */
export async function frameTimes(path: string): Promise<number[]> {
  const lines = await framesOf(path, [
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-enc_time_base',
    '-1',
    '-f',
    'framehash',
  ]);
  return lines.map(({ pts, tick }) => pts * tick);
}

/** Time and content of each packet of a stream, such as `0:a`. */
export async function packetsOf(path: string, stream: string): Promise<{ seconds: number; hash: string }[]> {
  const lines = await framesOf(path, ['-map', stream, '-c', 'copy', '-f', 'framehash']);
  return lines.map(({ pts, tick, hash }) => ({ seconds: pts * tick, hash }));
}

/** The mean PSNR of two videos frame by frame, in decibels; a filter may take a part of the picture first. */
export async function psnr(a: string, b: string, part = 'null'): Promise<number> {
  const { path: ffmpeg } = await locateFfmpeg();
  const graph = `[0:v]settb=1/1000,setpts=N,${part}[a];[1:v]settb=1/1000,setpts=N,${part}[b];[a][b]psnr`;
  const { stderr } = await promisify(execFile)(ffmpeg, [
    '-i',
    `file:${a}`,
    '-i',
    `file:${b}`,
    '-lavfi',
    graph,
    '-f',
    'null',
    '-',
  ]);
  const found = /PSNR .*average:(\S+)/.exec(stderr)![1]!;
  return found === 'inf' ? Number.POSITIVE_INFINITY : Number(found);
}

/** What ffmpeg says about a file's streams, a line each. */
export async function streamsOf(path: string): Promise<string[]> {
  const { path: ffmpeg } = await locateFfmpeg();
  const run = promisify(execFile)(ffmpeg, ['-hide_banner', '-i', `file:${path}`]);
  // Without an output ffmpeg describes the input and complains.
  const { stderr } = await run.catch((failed: { stderr: string }) => failed);
  return stderr
    .split('\n')
    .filter((line) => line.includes('Stream #') || line.includes('Side data') || line.includes('Mastering'));
}

async function framesOf(path: string, options: string[]): Promise<{ pts: number; tick: number; hash: string }[]> {
  const { path: ffmpeg } = await locateFfmpeg();
  const args = ['-v', 'error', '-copyts', '-i', `file:${path}`, ...options, '-'];
  const { stdout } = await promisify(execFile)(ffmpeg, args, { maxBuffer: 64 * 2 ** 20 });
  const [, numerator, denominator] = /#tb 0: (\d+)\/(\d+)/.exec(stdout)!;
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, , pts, , , hash] = line.split(',').map((cell) => cell.trim());
    return { pts: Number(pts), tick: Number(numerator) / Number(denominator), hash: hash! };
  });
}
