import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipQcParams } from '#workloads/clip-qc/contract';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import type { Kind } from '#workloads/clip-qc/example/kinds';
import { type ClipJudge, openClipJudge } from '#workloads/clip-qc/judge-file';
import { drawClip } from '../../helpers/draw-clip.ts';
import { testFolder } from '../../helpers/folder.ts';

const SHIPPED = fileURLToPath(new URL('../../../models/clip-qc-artifacts/1.0.0', import.meta.url));
const RAW = ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p'];
let judge: ClipJudge;
beforeAll(async () => {
  judge = await openClipJudge({ folder: SHIPPED }, clipQcParams.parse({ textEngine: 'tesseract.js' }));
});
afterAll(() => judge.close());

async function film(kind: Kind, seconds: number, size = { width: 320, height: 180 }) {
  const drawn = inventFilm(kind, 3, { ...size, seconds, framesPerSecond: 5, backdrops: ['clouds'] });
  return encodeFilm(drawn, await testFolder(), `${kind}.mkv`, RAW);
}

describe('odd clips end with a finding, not with a failure', () => {
  it('a single frame can neither flicker nor change its text', async () => {
    const finding = await judge.judge(await drawClip(await testFolder(), { seconds: 0.1, rate: 10 }));
    expect(finding).toMatchObject({ artifact: false, category: 'NONE', evidence: null });
    expect(finding.warnings.join()).toContain('only 1 frames were sampled');
  });

  it('a clip shorter than 8 samples says so', async () => {
    const finding = await judge.judge(await film('clean-no-text', 0.8));
    expect(finding.category).toBe('NONE');
    expect(finding.warnings.join()).toMatch(/only 4 frames.*no stretch between cuts/);
  });

  it('a still image as a video is clean and named', async () => {
    const finding = await judge.judge(await film('still', 2));
    expect(finding).toMatchObject({ category: 'NONE', evidence: null });
    expect(finding.warnings).toContain('all frames are the same: this is a still picture');
  });

  it.each([
    { name: 'smaller than the SSIM window', size: { width: 6, height: 4 } },
    { name: 'of two pixels', size: { width: 2, height: 2 } },
    { name: 'much wider than high', size: { width: 512, height: 4 } },
  ])('frames $name are measured', async ({ size }) => {
    const finding = await judge.judge(await film('clean-no-text', 2, size));
    expect(Number.isFinite(finding.confidence)).toBe(true);
  });

  it('one scene cut after another is looked through without a segment', async () => {
    const drawn = inventFilm('montage', 5, { width: 320, height: 180, seconds: 2, framesPerSecond: 5 });
    const finding = await judge.judge(await encodeFilm(drawn, await testFolder(), 'cuts.mkv', RAW));
    expect(Object.values(finding.probabilities).every(Number.isFinite)).toBe(true);
    if (finding.artifact) expect(finding.evidence?.boxes.length).toBeGreaterThan(0);
  });

  it('a clip that breaks off is judged by what is there', async () => {
    const path = await drawClip(await testFolder(), { seconds: 4, rate: 10, name: 'cut.mp4' });
    await truncate(path, 90_000);
    const finding = await judge.judge(path).catch((thrown: Error) => thrown);
    if (!(finding instanceof Error)) expect(finding.warnings.join()).toContain('broke off');
    else expect(finding.name).toBe('MediaError');
  });
});

describe('what is no clip is refused', () => {
  it.each([
    { name: 'a text file', content: 'this is no video' },
    { name: 'an empty file', content: '' },
    { name: 'half a kilobyte of noise', content: Buffer.alloc(512, 7) },
  ])('$name', async ({ content }) => {
    const path = join(await testFolder(), 'clip.mp4');
    await writeFile(path, content);
    await expect(judge.judge(path)).rejects.toMatchObject({ name: 'MediaError' });
  });
});
