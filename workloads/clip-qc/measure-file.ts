import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { InputNotFoundError } from '#core/errors';
import type { ByteSource } from '#core/step';
import type { TextReader } from '#inference/text/text-reader';
import type { MediaInfo } from '#media/media-info';
import { probeMedia } from '#media/probe';
import { type ClipQcParams, FRAMES_FILE } from './contract.ts';
import { openFrameFile } from './frame-file.ts';
import { type ClipMeasures, measureClip } from './measure-clip.ts';
import { type SampledClip, sampleClip } from './sample-clip.ts';

/** A clip that lies here, measured in one go: what the steps of a job do one after another. */
export async function measureFile(
  path: string,
  reader: TextReader,
  params: ClipQcParams,
  signal?: AbortSignal,
): Promise<{ sampled: SampledClip; measures: ClipMeasures }> {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-clip-'));
  try {
    const media = await probeFile(path);
    const sampled = await sampleClip({ path, name: basename(path), media, params, folder, signal });
    const frames = await openFrameFile(join(folder, FRAMES_FILE), { ...sampled, count: sampled.frames.length });
    try {
      return { sampled, measures: await measureClip(frames, reader, params, signal ? { signal } : {}) };
    } finally {
      await frames.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws InputNotFoundError when there is no such file, MediaError when it is no clip. */
export async function probeFile(path: string): Promise<MediaInfo> {
  const file = await open(path).catch((cause: unknown) => {
    throw new InputNotFoundError(`There is no file ${path} that can be read. Give the path of a clip.`, { cause });
  });
  try {
    const { size } = await file.stat();
    const source: ByteSource = {
      size,
      async read(offset, length) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      },
      close: () => file.close(),
    };
    return await probeMedia(source);
  } finally {
    await file.close();
  }
}
