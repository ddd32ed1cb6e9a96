import { describe, expect, it } from 'vitest';
import { toEvidence } from '#workloads/clip-qc/evidence/evidence';
import { evidenceFrames, MOST_PICTURES } from '#workloads/clip-qc/evidence/evidence-frames';
import { temporalEvidence } from '#workloads/clip-qc/evidence/temporal-evidence';
import { textEvidence } from '#workloads/clip-qc/evidence/text-evidence';
import type { FramePair } from '#workloads/clip-qc/features/frame-pair';
import { STABLE } from '#workloads/clip-qc/features/temporal/segment-features';
import type { TextChange } from '#workloads/clip-qc/features/text/text-change';

const RULE = { editDistance: 2, globalSsimFloor: 0.7, confidenceDrop: 0.3 };
const region = (text: string, x = 0) => ({ text, confidence: 0.9, box: [x, 0, x + 50, 20] as const });
const change = (pair: number, values: Partial<TextChange> = {}): TextChange => ({
  pair,
  from: region('OPEN'),
  to: region('SHUT', 5),
  editDistance: 0,
  replaced: 0,
  confidenceDelta: 0,
  shift: 0,
  cropSsim: 1,
  characterCountDelta: 0,
  globalSsim: 0.99,
  ...values,
});
const noTexts = { frames: [], read: 0, reused: 0 };

describe('evidence of a text', () => {
  it('is strict where much of it changes in a still scene: two boxes a pair', () => {
    const changes = [
      change(3, { editDistance: 3 }),
      change(5, { editDistance: 9, globalSsim: 0.6 }),
      change(8, { editDistance: 4 }),
    ];
    const { level, spots } = textEvidence({ changes, texts: noTexts }, RULE);
    expect(level).toBe('strict');
    expect(spots.map(({ frame, box }) => [frame, box[0]])).toEqual([
      [3, 0],
      [4, 5],
      [8, 0],
      [9, 5],
    ]);
  });

  it('is the three strongest of the weaker signs otherwise', () => {
    const changes = [
      change(1, { shift: 12 }),
      change(2, { editDistance: 1 }),
      change(3, { confidenceDelta: 0.4 }),
      change(4, { editDistance: 2 }),
      change(5),
    ];
    const { level, spots } = textEvidence({ changes, texts: noTexts }, RULE);
    expect(level).toBe('relaxed');
    expect([...new Set(spots.map(({ frame }) => frame))]).toEqual([1, 2, 3, 4, 5]);
    expect(spots.some(({ note }) => note.includes('confidence changed by 0.40'))).toBe(false);
  });

  it('is the pair that changed most when there is no sign at all', () => {
    const { level, spots } = textEvidence({ changes: [change(1), change(2, { shift: 3 })], texts: noTexts }, RULE);
    expect(level).toBe('strongest');
    expect(spots.map(({ frame }) => frame)).toEqual([2, 3]);
  });

  it('is where the text stands when it can not be followed', () => {
    const texts = {
      ...noTexts,
      frames: [
        { regions: [], from: 'read' as const },
        { regions: [region('EXIT')], from: 'read' as const },
      ],
    };
    expect(textEvidence({ changes: [], texts }, RULE).spots).toMatchObject([{ frame: 1, box: [0, 0, 50, 20] }]);
  });
});

const pair = (ssim: number, mae = 1): FramePair => ({
  ...{ ssim, mae, histogramCorrelation: 1, patchInstability: 0, worstPatchSsim: ssim },
  worstPatch: [320, 180, 640, 360],
});
const temporal = (frames: number, cuts: number[] = []) => ({
  cuts,
  segments:
    frames > 0
      ? [{ first: 0, last: cuts[0] ?? frames - 1 }, ...cuts.map((cut) => ({ first: cut + 1, last: frames - 1 }))]
      : [],
  features: STABLE,
  totalSpikeFrames: 0,
  worstSegmentSpikeRatio: 0,
});

describe('evidence of flicker', () => {
  it('is strict where frames are unlike: one box a pair, of the worst patch', () => {
    const pairs = [pair(0.99), pair(0.8), pair(0.99), pair(0.7)];
    const { level, spots } = temporalEvidence({ pairs, temporal: temporal(5) }, 0.85);
    expect(level).toBe('strict');
    expect(spots.map(({ frame, box }) => [frame, ...box])).toEqual([
      [2, 320, 180, 640, 360],
      [4, 320, 180, 640, 360],
    ]);
  });

  it('never is a cut', () => {
    const pairs = [...Array(5).fill(pair(0.99)), pair(0.2, 80), ...Array(5).fill(pair(0.99)), pair(0.9)];
    const { spots } = temporalEvidence({ pairs, temporal: temporal(13, [5]) }, 0.85);
    expect(spots.map(({ frame }) => frame)).toEqual([12]);
  });

  it('is the three strongest of the weaker signs otherwise', () => {
    const pairs = [pair(0.9), pair(0.95), pair(0.99, 30), pair(0.93), pair(0.995)];
    const { level, spots } = temporalEvidence({ pairs, temporal: temporal(6) }, 0.85);
    expect(level).toBe('relaxed');
    expect(spots).toHaveLength(3);
  });

  it('is the most unlike pair when there is no sign at all', () => {
    const { level, spots } = temporalEvidence({ pairs: [pair(0.999), pair(0.998)], temporal: temporal(3) }, 0.85);
    expect(level).toBe('strongest');
    expect(spots.map(({ frame }) => frame)).toEqual([2]);
  });

  it('is looked for in the whole of a clip that has no segment', () => {
    const { spots } = temporalEvidence({ pairs: [pair(0.5), pair(0.5)], temporal: temporal(0) }, 0.85);
    expect(spots).toHaveLength(2);
  });
});

describe('boxes of evidence', () => {
  it('carry their frame, its number in the source and its time, in order', () => {
    const frames = [0, 1, 2].map((frame) => ({ index: frame * 5, seconds: frame * 0.2 }));
    const spots = [
      { frame: 2, box: [1, 2, 3, 4] as const, note: 'b' },
      { frame: 1, box: [0, 0, 1, 1] as const, note: 'a' },
    ];
    expect(toEvidence({ level: 'strict', spots }, frames)?.boxes).toEqual([
      { frame: 1, sourceFrame: 5, seconds: 0.2, box: [0, 0, 1, 1], note: 'a' },
      { frame: 2, sourceFrame: 10, seconds: 0.4, box: [1, 2, 3, 4], note: 'b' },
    ]);
    expect(toEvidence({ level: 'strongest', spots: [] }, frames)).toBeNull();
  });

  it('are shown in pictures: before and after a jump, a few of a clean clip, never very many', () => {
    const evidence = (frames: number[]) => ({
      level: 'strict' as const,
      boxes: frames.map((frame) => ({
        frame,
        sourceFrame: 0,
        seconds: 0,
        box: [0, 0, 1, 1] as [number, number, number, number],
        note: '',
      })),
    });
    expect(evidenceFrames({ category: 'TEMPORAL_FLICKER', evidence: evidence([3, 9]) }, 20)).toEqual([2, 3, 8, 9]);
    expect(evidenceFrames({ category: 'NONE', evidence: null }, 21)).toEqual([0, 7, 13, 20]);
    expect(evidenceFrames({ category: 'NONE', evidence: null }, 1)).toEqual([0]);
    const many = Array.from({ length: 50 }, (_, frame) => frame);
    expect(evidenceFrames({ category: 'TEXT_INCONSISTENCY', evidence: evidence(many) }, 50)).toHaveLength(
      MOST_PICTURES,
    );
  });
});
