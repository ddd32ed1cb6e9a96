import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ByteSource } from '#core/step';
import { probeMedia } from '#media/probe';
import { writeFrames } from '#workloads/reconstruct/selection/write-frames';
import { drawClip } from '../../helpers/draw-clip.ts';
import { testFolder } from '../../helpers/folder.ts';

it('writes as many frames as may be chosen: ffmpeg reads an expression only a hundred sums deep', async () => {
  const folder = await testFolder();
  const path = await drawClip(folder, { seconds: 31, rate: 10, size: '64x48' });
  const source = await fileSource(path);
  const media = await probeMedia(source).finally(() => source.close());
  const indexes = Array.from({ length: 300 }, (_, at) => at + 5);
  const names = await writeFrames({ path, name: 'clip.mp4', media, indexes, folder: join(folder, 'chosen') });
  expect(names[0]).toBe('frame_000005.jpg');
  expect(names).toHaveLength(300);
  expect((await readdir(join(folder, 'chosen'))).sort()).toEqual(names);
});

async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path);
  const { size } = await file.stat();
  return {
    size,
    async read(offset, length) {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => file.close(),
  };
}
