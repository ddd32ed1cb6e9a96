import { describe, expect, it } from 'vitest';
import { predictionSchema, toPrediction } from '#workloads/clip-qc/prediction';
import { type Finding, findingSchema } from '#workloads/clip-qc/result';

const box = (frame: number, x1: number) => ({
  frame,
  sourceFrame: frame * 6,
  seconds: frame / 5,
  box: [x1, 10, x1 + 50, 30] as [number, number, number, number],
  note: 'changed',
});
const FOUND: Finding = {
  clipId: 'clip',
  artifact: true,
  category: 'TEXT_INCONSISTENCY',
  confidence: 0.9,
  probabilities: { NONE: 0.1, TEXT_INCONSISTENCY: 0.8, TEMPORAL_FLICKER: 0.1 },
  evidence: { level: 'strict', boxes: [box(2, 0), box(3, 4), box(2, 90)] },
  warnings: [],
};
const CLEAN = { ...FOUND, artifact: false, category: 'NONE', confidence: 0.2, evidence: null };

describe('a finding', () => {
  it('with evidence is legal, and so is none without', () => {
    expect(findingSchema.parse(FOUND)).toEqual(FOUND);
    expect(findingSchema.parse(CLEAN)).toEqual(CLEAN);
  });

  it.each([
    { name: 'an artifact of the category NONE', change: { category: 'NONE' }, says: 'if and only if' },
    { name: 'a category without an artifact', change: { artifact: false, evidence: null }, says: 'if and only if' },
    { name: 'a finding without evidence', change: { evidence: null }, says: 'a finding has evidence' },
    { name: 'evidence without boxes', change: { evidence: { level: 'strict', boxes: [] } }, says: '>=1' },
    { name: 'a confidence above 1', change: { confidence: 1.1 }, says: '<=1' },
    { name: 'an unknown category', change: { category: 'ANATOMY' }, says: 'TEXT_INCONSISTENCY' },
    { name: 'a missing field', change: { warnings: undefined }, says: 'warnings' },
    { name: 'a field that is not known', change: { mood: 'good' }, says: 'mood' },
  ])('refuses $name', ({ change, says }) => {
    expect(findingSchema.safeParse({ ...FOUND, ...change }).error?.message).toContain(says);
  });

  it('refuses evidence of a clean clip', () => {
    const { error } = findingSchema.safeParse({ ...CLEAN, evidence: FOUND.evidence });
    expect(error?.message).toContain('evidence has a finding');
  });
});

describe('the old shape', () => {
  it('has frames and times once and in order, and every box', () => {
    expect(toPrediction(FOUND)).toEqual({
      clip_id: 'clip',
      artifact: true,
      confidence: 0.9,
      artifact_category: 'TEXT_INCONSISTENCY',
      class_probabilities: FOUND.probabilities,
      evidence: {
        timestamps: [0.4, 0.6],
        bounding_boxes: [
          [0, 10, 50, 30],
          [4, 10, 54, 30],
          [90, 10, 140, 30],
        ],
        frames: [2, 3],
        notes: 'strict: changed',
      },
    });
  });

  it('keeps its own rules, under which a finding without evidence is legal', () => {
    const found = toPrediction(FOUND);
    expect(predictionSchema.safeParse({ ...found, evidence: null }).success).toBe(true);
    expect(predictionSchema.safeParse({ ...found, artifact: false }).success).toBe(false);
    expect(predictionSchema.safeParse({ ...found, artifact_category: 'NONE' }).success).toBe(false);
    const clean = toPrediction(findingSchema.parse(CLEAN));
    expect(clean.evidence).toBeNull();
    expect(predictionSchema.safeParse({ ...clean, evidence: found.evidence }).success).toBe(false);
  });
});
