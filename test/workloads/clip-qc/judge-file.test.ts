import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clipQcParams } from '#workloads/clip-qc/contract';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import type { Kind } from '#workloads/clip-qc/example/kinds';
import { openClipJudge } from '#workloads/clip-qc/judge-file';
import { testFolder } from '../../helpers/folder.ts';

const SHIPPED = fileURLToPath(new URL('../../../models/clip-qc-artifacts/1.0.0', import.meta.url));

let started = 0;
const note = () => {
  started += 1;
};
beforeEach(() => {
  started = 0;
  process.on('worker', note);
});
afterEach(() => process.off('worker', note));

async function film(kind: Kind, seed: number) {
  const size = { width: 480, height: 270, seconds: 1.2, framesPerSecond: 5 };
  return encodeFilm(inventFilm(kind, seed, { ...size, backdrops: ['slope'] }), await testFolder(), `${kind}.mp4`);
}

it('several clips reuse the threads that read, and a clip without text starts none', async () => {
  const judge = await openClipJudge({ folder: SHIPPED }, clipQcParams.parse({}));
  try {
    await judge.judge(await film('clean-no-text', 1));
    expect(started).toBe(0);
    const clip = await film('clean-text', 1);
    const first = await judge.judge(clip);
    const afterFirst = started;
    expect(afterFirst).toBeGreaterThan(0);
    expect(await judge.judge(clip)).toEqual(first);
    expect(started).toBe(afterFirst);
    expect(await Promise.all([judge.judge(clip), judge.judge(clip)])).toEqual([first, first]);
    expect(started).toBeLessThanOrEqual(Math.min(availableParallelism(), 4));
  } finally {
    await judge.close();
  }
});
