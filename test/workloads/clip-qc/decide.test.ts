import { describe, expect, it } from 'vitest';
import { decide } from '#workloads/clip-qc/decide';

const TEXT = { hasText: true, textRatioMax: 0, instabilityDuration: 0 };
const p = (none: number, text: number, flicker: number) => ({
  NONE: none,
  TEXT_INCONSISTENCY: text,
  TEMPORAL_FLICKER: flicker,
});

describe('deciding', () => {
  it.each([
    { name: 'the larger of the two artifacts is the category', likely: p(0.2, 0.3, 0.5), category: 'TEMPORAL_FLICKER' },
    { name: 'text wins a tie', likely: p(0.2, 0.4, 0.4), category: 'TEXT_INCONSISTENCY' },
    {
      name: 'the threshold counts, not the largest of three',
      likely: p(0.45, 0.35, 0.2),
      category: 'TEXT_INCONSISTENCY',
    },
    { name: 'at the threshold a clip is clean', likely: p(0.5, 0.4, 0.1), category: 'NONE' },
    {
      name: 'a higher threshold is stricter',
      likely: p(0.6, 0.3, 0.1),
      threshold: 0.65,
      category: 'TEXT_INCONSISTENCY',
    },
    { name: 'a lower one lets more pass', likely: p(0.35, 0.6, 0.05), threshold: 0.3, category: 'NONE' },
    { name: 'two weak artifacts are none', likely: p(0.84, 0.08, 0.08), threshold: 0.9, category: 'NONE' },
  ])('$name', ({ likely, threshold = 0.5, category }) => {
    const decision = decide(likely, TEXT, threshold);
    expect(decision).toMatchObject({ category, artifact: category !== 'NONE' });
    expect(decision.confidence).toBeCloseTo(1 - likely.NONE, 12);
  });

  it.each([
    { name: 'flicker, where that is no weak case', likely: p(0.2, 0.6, 0.2), category: 'TEMPORAL_FLICKER' },
    { name: 'nothing, where it is', likely: p(0.2, 0.75, 0.05), category: 'NONE' },
  ])('without text the text artifact becomes $name, and says why', ({ likely, category }) => {
    const decision = decide(likely, { ...TEXT, hasText: false }, 0.5);
    expect(decision).toMatchObject({ category, override: expect.stringContaining('no text') });
  });

  it('keeps the reason of a weak case', () => {
    expect(decide(p(0.84, 0.08, 0.08), TEXT, 0.9).override).toContain('neither');
  });

  it.each([
    { name: 'both signs', facts: { textRatioMax: 1.6, instabilityDuration: 3 }, secondary: 'TEMPORAL_FLICKER' },
    { name: 'a short spike', facts: { textRatioMax: 1.6, instabilityDuration: 2 }, secondary: undefined },
    { name: 'a still text', facts: { textRatioMax: 1.5, instabilityDuration: 9 }, secondary: undefined },
  ])('names a second artifact for $name: $secondary', ({ facts, secondary }) => {
    expect(decide(p(0.1, 0.8, 0.1), { ...TEXT, ...facts }, 0.5).secondary).toBe(secondary);
  });

  it('names none in a clean clip', () => {
    const facts = { hasText: true, textRatioMax: 9, instabilityDuration: 9 };
    expect(decide(p(0.9, 0.05, 0.05), facts, 0.5).secondary).toBeUndefined();
  });
});
