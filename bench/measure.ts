import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { locateFfmpeg } from '#media/ffmpeg';
import { cpuSeconds, watchMemory } from './process-tree.ts';

/** Runs `work` and tells how long it took, the CPU seconds of its processes and their peak of resident memory. */
export async function timed<T>(work: () => Promise<T>) {
  const [started, cpu, memory] = [performance.now(), await cpuSeconds(), watchMemory()];
  const result = await work();
  const seconds = (performance.now() - started) / 1_000;
  return { result, seconds, cpu: (await cpuSeconds()) - cpu, peakMiB: await memory.stop() };
}

/** Lends `work` a folder that is empty and gone after. */
export async function inFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(parent, 'out');
  await mkdir(folder);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Draws a clip of a lavfi source with x264. @returns its path. */
export async function drawClip(path: string, source: string, seconds: number): Promise<string> {
  const encoding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'];
  await ffmpeg('-f', 'lavfi', '-i', source, '-t', String(seconds), ...encoding, path);
  return path;
}

/** Bare ffmpeg, as a person would run it. */
export async function ffmpeg(...args: string[]): Promise<void> {
  const { path } = await locateFfmpeg();
  const child = spawn(path, ['-v', 'error', '-nostdin', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`ffmpeg ended with code ${code}: ${args.join(' ')}`);
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
