import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '#media/scenes/random';
import { inventFilm } from '#workloads/clip-qc/example/film';
import { KINDS, type Kind } from '#workloads/clip-qc/example/kinds';
import { LETTER_SHAPES } from '#workloads/clip-qc/example/letter-shapes';
import { mutate } from '#workloads/clip-qc/example/mutate';
import { inventText } from '#workloads/clip-qc/example/words';

const SMALL = { width: 160, height: 90, seconds: 2, framesPerSecond: 5, backdrops: ['clouds'] as const };

async function digestOf(kind: Kind, seed: number) {
  const hash = createHash('sha256');
  let frames = 0;
  for await (const picture of inventFilm(kind, seed, SMALL).pictures()) {
    hash.update(picture);
    frames += 1;
  }
  return { frames, sha256: hash.digest('hex') };
}

describe.each(Object.keys(KINDS) as Kind[])('a film of %s', (kind) => {
  it('is the same for the same seed, and another for another', async () => {
    const first = await digestOf(kind, 1);
    expect(first.frames).toBe(10);
    expect(await digestOf(kind, 1)).toEqual(first);
    expect((await digestOf(kind, 2)).sha256).not.toBe(first.sha256);
  });
});

describe('what a film shows is what it is labelled as', () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);
  const scripts = (kind: Kind, seed: number) => inventFilm(kind, seed, { ...SMALL, seconds: 4 }).scripts;

  it.each(seeds)('text changes in a text mutation, seed %i', (seed) => {
    const texts = scripts('text-mutation', seed).map(({ captions }) => captions[0]!.text);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it.each(seeds)('light jumps in a flicker, seed %i', (seed) => {
    const gains = scripts('flicker', seed).map(({ gain }) => gain);
    expect(gains.filter((gain) => gain !== 1).length).toBeGreaterThanOrEqual(2);
  });

  it.each(seeds)('nothing but subtitles changes its text, seed %i', (seed) => {
    for (const kind of ['clean-text', 'growing-blur', 'fade', 'pan', 'motion'] as const) {
      const texts = scripts(kind, seed).map(({ captions }) => captions.map(({ text }) => text).join('/'));
      expect(new Set(texts).size, kind).toBe(1);
    }
  });
});

describe('invented texts', () => {
  it('have a shape for every letter', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const text = inventText(randomFrom(seed));
      const random = randomFrom(`mutation ${seed}`);
      for (const letter of `${text}${mutate(text, random)}`.replaceAll(' ', ''))
        expect(LETTER_SHAPES).toHaveProperty([letter]);
    }
  });

  it('are another text when they are mutated', () => {
    for (let seed = 0; seed < 200; seed += 1) expect(mutate('OPEN DAILY', randomFrom(seed))).not.toBe('OPEN DAILY');
  });
});
