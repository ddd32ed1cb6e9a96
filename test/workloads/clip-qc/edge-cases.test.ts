import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTextReader } from '#inference/text/open-text-reader';
import type { TextReader } from '#inference/text/text-reader';
import { createCanvas } from '#media/scenes/canvas';
import { type ClipQcParams, clipQcParams } from '#workloads/clip-qc/contract';
import { temporalEvidence } from '#workloads/clip-qc/evidence/temporal-evidence';
import { textEvidence } from '#workloads/clip-qc/evidence/text-evidence';
import { boxBlur, relight } from '#workloads/clip-qc/example/effects';
import { writeCaption } from '#workloads/clip-qc/example/lettering';
import { FEATURE_SETS } from '#workloads/clip-qc/features/feature-set';
import type { RgbPicture } from '#workloads/clip-qc/features/picture';
import { SEGMENT_FEATURES } from '#workloads/clip-qc/features/temporal/segment-features';
import { TEXT_FEATURES } from '#workloads/clip-qc/features/text/text-features';
import { openFrameFile } from '#workloads/clip-qc/frame-file';
import { measureClip } from '#workloads/clip-qc/measure-clip';
import workload from '#workloads/clip-qc/workload';
import { testFolder } from '../../helpers/folder.ts';
import { drawPicture } from './pictures.ts';

// The cases that the reference system was tried on, as pictures rather than numbers: what is drawn goes through the real
// measures and the real reader.

const SCENE = { width: 160, height: 96 };
const SIGN = { width: 560, height: 300 };
const TYPEFACE = { weight: 0.8, contrast: 1, slant: 0, stretch: 1, spacing: 1.2 };
const PARAMS = clipQcParams.parse({});

let reader: TextReader;
beforeAll(async () => {
  reader = await openTextReader('tesseract.js', { threads: 1 });
});
afterAll(() => reader.close());

async function measured(pictures: RgbPicture[], params: ClipQcParams = PARAMS) {
  const path = join(await testFolder(), 'frames.rgb');
  await writeFile(path, Buffer.concat(pictures.map(({ rgb }) => rgb)));
  const [{ width, height }] = pictures as [RgbPicture];
  const frames = await openFrameFile(path, { width, height, count: pictures.length });
  return measureClip(frames, reader, params).finally(() => frames.close());
}

/** A texture, so that scenes are unlike each other: flat colours swapped for others stay alike in SSIM. */
function scene(index: number, { gain = 1 } = {}): RgbPicture {
  const canvas = createCanvas(SCENE.width, SCENE.height);
  canvas.rgb.set(drawPicture(index, SCENE.width, SCENE.height).rgb);
  relight(canvas, gain, 0);
  return canvas;
}

function sign(text: string, { blur = 1 } = {}): RgbPicture {
  const canvas = createCanvas(SIGN.width, SIGN.height);
  canvas.rgb.fill(50);
  writeCaption(canvas, { text, x: 280, y: 150, size: 30, turn: 0, typeface: TYPEFACE, colour: [240, 240, 240] });
  boxBlur(canvas, blur);
  return canvas;
}

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe('text', () => {
  it('a mutation on a stable scene: at least 3 edits, mostly replaced, a scene that stays, evidence', async () => {
    const { features, changes, texts } = await measured(
      ['OPEN DAILY', 'OPEN DAILY', 'OPEN MARKT', 'OPEN DAILY', 'OPEN DAILY', 'OPEN DAILY'].map((text) => sign(text)),
    );
    expect(features.edit_distance_max).toBeGreaterThanOrEqual(3);
    expect(features.substitution_ratio_mean).toBeGreaterThan(0.5);
    expect(features.global_ssim_at_instability_mean).toBeGreaterThan(0.9);
    const { level, spots } = textEvidence({ changes, texts }, PARAMS);
    expect([level, ...new Set(spots.map(({ frame }) => frame))]).toEqual(['strict', 1, 2, 3]);
  });

  it('stable text: nothing moves', async () => {
    const { features } = await measured(times(6, () => sign('OPEN DAILY')));
    expect(features).toMatchObject({
      ...{ has_text_regions: 1, edit_distance_max: 0, bbox_shift_max: 0, confidence_delta_max: 0 },
      ...{ ssim_text_crop_mean: 1, substitution_ratio_max: 0, text_vs_scene_instability_ratio_max: 0 },
    });
  });

  it('a no-text clip: all 29 zero, and as many', async () => {
    const { features } = await measured(times(6, () => scene(1)));
    expect(TEXT_FEATURES.map((name) => features[name])).toEqual(Array(29).fill(0));
  });

  it('progressive blur: letters are lost rather than replaced', async () => {
    const { features } = await measured(times(8, (at) => sign('OPEN DAILY', { blur: 1 + 2 * at })));
    expect(features.has_text_regions).toBe(1);
    expect(features.substitution_ratio_mean).toBeLessThanOrEqual(0.5);
  });

  it('blurred but steady text: no sign of a change', async () => {
    const { changes, features } = await measured(times(6, () => sign('OPEN DAILY', { blur: 3 })));
    expect(features.edit_distance_max).toBe(0);
    expect(changes.filter(({ editDistance }) => editDistance > 0)).toEqual([]);
  });

  it('a text box at the border: read, followed and inside of the picture', async () => {
    const edge = (text: string) => {
      const canvas = createCanvas(SIGN.width, SIGN.height);
      canvas.rgb.fill(50);
      writeCaption(canvas, { text, x: 132, y: 14, size: 30, turn: 0, typeface: TYPEFACE, colour: [240, 240, 240] });
      return canvas;
    };
    const { texts, features } = await measured(times(3, () => edge('OPEN DAILY')));
    expect(features.frames_with_text_ratio).toBe(1);
    for (const { box } of texts.frames.flatMap(({ regions }) => regions)) {
      expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
      expect([box[2] <= SIGN.width, box[3] <= SIGN.height]).toEqual([true, true]);
    }
    expect(Object.values(features).every(Number.isFinite)).toBe(true);
  });
});

describe('time', () => {
  it('a stable clip: alike, steady, no spike', async () => {
    const { features, temporal } = await measured(times(8, () => scene(1)));
    expect(features).toMatchObject({ ssim_min: 1, mae_max: 0, hist_corr_min: 1, patch_instability_max: 0 });
    expect([temporal.cuts, temporal.segments]).toEqual([[], [{ first: 0, last: 7 }]]);
  });

  it('flicker: unlike again and again, with strict evidence', async () => {
    const { features, temporal, pairs } = await measured(times(10, (at) => scene(at % 3 === 1 ? 2 : 1)));
    expect(features.ssim_min).toBeLessThan(0.85);
    expect(features.spike_isolation_ratio).toBeGreaterThan(0.5);
    expect(temporalEvidence({ pairs, temporal }, PARAMS.spikeSsim).level).toBe('strict');
  });

  it('a gradual gradient change: neither a cut nor a spike', async () => {
    const { features, temporal } = await measured(times(12, (at) => scene(1, { gain: 1 - at * 0.01 })));
    expect(temporal.cuts).toEqual([]);
    expect(features).toMatchObject({ instability_duration: 0, total_spike_frames: 0 });
    expect(features.diff_acceleration_max).toBeLessThan(PARAMS.patchGrid[0]);
  });

  it('every clip has 14 temporal features, and all are numbers', async () => {
    const { features } = await measured([scene(1), scene(2)]);
    expect(SEGMENT_FEATURES).toHaveLength(14);
    expect(FEATURE_SETS[2].filter((name) => !Number.isFinite(features[name]))).toEqual([]);
  });
});

describe('cuts', () => {
  const shots = (...lengths: number[]) => lengths.flatMap((length, shot) => times(length, () => scene(shot + 1)));

  it('a cut is found at the right frame, and makes two stable segments', async () => {
    const { temporal, features } = await measured(shots(6, 7));
    expect(temporal.cuts).toEqual([5]);
    expect(temporal.segments).toEqual([
      { first: 0, last: 5 },
      { first: 6, last: 12 },
    ]);
    expect(features.ssim_min).toBe(1);
  });

  it('a late change is not tested, and so stays in its segment', async () => {
    const { temporal, features } = await measured(shots(8, 3));
    expect(temporal.cuts).toEqual([]);
    expect(features.ssim_min).toBeLessThan(0.4);
  });

  it('an unstable picture after it does not confirm a cut', async () => {
    const unstable = [...shots(6), scene(2), scene(3), scene(2), scene(3), scene(2), scene(3)];
    expect((await measured(unstable)).temporal.cuts).toEqual([]);
  });

  it.each([
    { name: 'before', of: () => [scene(1), scene(1), scene(3), scene(1), scene(1), scene(1), ...shots(0, 6)] },
    { name: 'after', of: () => [...shots(6, 4), scene(4), scene(2), scene(2)] },
  ])('flicker $name the cut is told of, and the cut is not', async ({ of }) => {
    const { temporal, features, pairs } = await measured(of());
    expect(temporal.cuts).toHaveLength(1);
    expect(features.ssim_min).toBeLessThan(0.85);
    const frames = temporalEvidence({ pairs, temporal }, PARAMS.spikeSsim).spots.map(({ frame }) => frame);
    expect(frames).not.toContain(temporal.cuts[0]! + 1);
  });

  it('three segments and more: the worst one wins', async () => {
    const { temporal, features } = await measured([
      ...shots(6, 6),
      scene(3),
      ...times(5, () => scene(3, { gain: 0.97 })),
    ]);
    expect(temporal.segments).toHaveLength(3);
    expect(features.ssim_min).toBeLessThan(1);
    expect(temporal.spike!.pair).toBeGreaterThanOrEqual(12);
  });

  it('one scene cut after another: no segment, stable defaults, all numbers', async () => {
    const { temporal, features } = await measured(times(9, (at) => scene(at + 1)));
    expect(temporal.cuts).toEqual([]);
    const short = await measured(times(16, (at) => scene(1 + Math.floor(at / 4))));
    expect(short.temporal.cuts.length).toBeGreaterThanOrEqual(2);
    expect(Object.values({ ...features, ...short.features }).every(Number.isFinite)).toBe(true);
  });
});

describe('sizes', () => {
  it.each([
    { name: 'frames smaller than the SSIM window', width: 6, height: 5 },
    { name: 'frames of one pixel', width: 1, height: 1 },
    { name: 'fewer pixels than patches', width: 3, height: 2 },
    { name: 'one row', width: 64, height: 1 },
  ])('$name have all features', async ({ width, height }) => {
    const { features } = await measured(times(9, (at) => drawPicture(at, width, height)));
    expect(FEATURE_SETS[2].filter((name) => !Number.isFinite(features[name]))).toEqual([]);
  });

  it.each([1, 2, 3, 4, 7])('clips shorter than 8 samples: %i frames have all features', async (count) => {
    const { features, temporal } = await measured(times(count, (at) => scene(at % 2)));
    expect(FEATURE_SETS[2].filter((name) => !Number.isFinite(features[name]))).toEqual([]);
    expect(temporal.segments).toHaveLength(count < PARAMS.minSegmentFrames ? 0 : 1);
  });
});

it('no GPU is ever asked for, so there is none to fall back from', () => {
  expect(workload.steps.MeasureClip).toMatchObject({ runs: 'container', devices: ['cpu'] });
  expect(clipQcParams.safeParse({ device: 'cuda' }).error?.message).toContain('device');
});
