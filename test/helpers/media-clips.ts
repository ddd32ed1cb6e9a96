import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ByteSource } from '#core/step';
import { locateFfmpeg } from '#media/ffmpeg';
import { type ExtractRequest, type ExtractSummary, extractFrames, type FrameRecord } from '#media/frames';
import { decodeRgb, readImage } from '#media/images';
import { type MediaInfo, probeMedia } from '#media/probe';
import type { GreyPicture } from './media-drawing.ts';

/** A folder of the test's own, gone when it is over. */
export async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-media-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Draws a clip with ffmpeg: `args` stand between the program and the file. */
export async function aClip(name: string, ...args: string[]): Promise<string> {
  const path = join(await aFolder(), name);
  await draw([...args, `file:${path}`]);
  return path;
}

/** A clip whose frames are exactly these pictures, all of one size. */
export async function aClipOf(pictures: GreyPicture[], name = 'clip.mkv', ...args: string[]): Promise<string> {
  const path = join(await aFolder(), name);
  const size = `${pictures[0]!.width}x${pictures[0]!.height}`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', size, '-framerate', '25', '-i', 'pipe:0'];
  const output = args.length > 0 ? args : ['-c:v', 'ffv1', '-pix_fmt', 'yuvj420p'];
  await draw([...input, ...output, `file:${path}`], Buffer.concat(pictures.map(({ grey }) => grey)));
  return path;
}

/** The first part of a file, as a copy beside it. */
export async function cutTo(path: string, part: number, name = `cut-${path.split('/').at(-1)}`): Promise<string> {
  const bytes = await readFile(path);
  return aFile(name, bytes.subarray(0, part <= 1 ? Math.floor(bytes.length * part) : part));
}

/** A file with this content. */
export async function aFile(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await aFolder(), name);
  await writeFile(path, content);
  return path;
}

export async function openBytes(path: string): Promise<ByteSource> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}

export async function probe(path: string): Promise<MediaInfo> {
  const source = await openBytes(path);
  try {
    return await probeMedia(source);
  } finally {
    await source.close();
  }
}

export interface Extracted extends ExtractSummary {
  records: FrameRecord[];
  folder: string;
  files: string[];
}

/** Extracts with cleaning off unless it is asked for. */
export async function extract(path: string, options: Partial<ExtractRequest> = {}): Promise<Extracted> {
  const parent = await aFolder();
  const { folder = join(parent, 'frames') } = options;
  const recordsPath = join(parent, 'frames.jsonl');
  const summary = await extractFrames({
    ...{ path, media: options.media ?? (await probe(path)), sampling: { every: 1 } },
    ...{ blur: undefined, dedup: undefined, folder, recordsPath },
    ...options,
  });
  const lines = (await readFile(recordsPath, 'utf8')).split('\n').filter(Boolean);
  const records = lines.map((line): FrameRecord => JSON.parse(line));
  return { ...summary, records, folder, files: (await readdir(folder)).sort() };
}

/** The colour of a picture file at a place given in parts of its width and height. */
export async function colourAt(path: string, x: number, y: number): Promise<[number, number, number]> {
  const side = 20;
  const rgb = await decodeRgb(await readImage(path), { width: side, height: side });
  const at = (Math.floor(y * side) * side + Math.floor(x * side)) * 3;
  return [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
}

async function draw(args: string[], stdin?: Uint8Array): Promise<void> {
  const { path } = await locateFfmpeg();
  const child = spawn(path, ['-hide_banner', '-v', 'error', '-y', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
  const complaints: Buffer[] = [];
  child.stderr.on('data', (chunk) => complaints.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`ffmpeg could not draw the clip: ${Buffer.concat(complaints)}`);
}
