import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinPictures } from '#workloads/dataset/result/pictures';
import { testFolder } from '../../helpers/folder.ts';

const frame = (index: number, verdict = 'kept') => ({
  index,
  seconds: index / 10,
  verdict,
  sharpness: 200,
  hash: '0123456789abcdef',
  ...(verdict === 'kept' ? { file: `frame_00000${index}.jpg` } : {}),
});
const found = (index: number) => ({ file: `frame_00000${index}.jpg`, width: 8, height: 6, detections: [] });

async function join2(frames: object[], ...shards: object[][]) {
  const folder = await testFolder();
  const write = async (name: string, lines: object[]) => {
    await writeFile(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return join(folder, name);
  };
  const paths = await Promise.all(shards.map((lines, at) => write(`detections-${at}.jsonl`, lines)));
  return joinPictures(await write('frames.jsonl', frames), paths);
}

describe('joining frames and detections', () => {
  it('skips dropped frames and goes on from shard to shard', async () => {
    const pictures = await join2([frame(0), frame(1, 'blurry'), frame(2), frame(3)], [found(0), found(2)], [found(3)]);
    expect(pictures.map(({ frame }) => frame)).toEqual([0, 2, 3]);
  });

  it.each([
    { name: 'a frame nobody looked at', frames: [frame(0), frame(1)], shards: [[found(0)]], says: /found the end/ },
    {
      name: 'a shard in the wrong place',
      frames: [frame(0), frame(1)],
      shards: [[found(1)], [found(0)]],
      says: /expected frame_000000/,
    },
    {
      name: 'detections of a frame that was dropped',
      frames: [frame(0)],
      shards: [[found(0), found(1)]],
      says: /not kept/,
    },
  ])('refuses $name', async ({ frames, shards, says }) => {
    await expect(join2(frames, ...shards)).rejects.toThrow(says);
  });
});
