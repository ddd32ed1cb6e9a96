import { describe, expect, it } from 'vitest';
import { hsv } from '#media/scenes/colour';
import { latticeNoise, valueNoise } from '#media/scenes/noise';
import { randomFrom } from '#media/scenes/random';
import { cosine, sine } from '#media/scenes/turns';

describe('numbers', () => {
  it('give the sine and cosine of a turn without asking the engine', () => {
    for (let turns = -2; turns <= 2; turns += 0.01) {
      expect(sine(turns)).toBeCloseTo(Math.sin(turns * 2 * Math.PI), 6);
      expect(cosine(turns)).toBeCloseTo(Math.cos(turns * 2 * Math.PI), 6);
    }
  });

  it('come out of a seed, and of a fork, the same again', () => {
    const draw = (seed: string) => Array.from({ length: 5 }, randomFrom(seed).next);
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    expect(randomFrom('a').fork('x').next()).toBe(randomFrom('a/x').next());
  });

  it('are spread evenly', () => {
    const random = randomFrom(1);
    const dice = Array.from({ length: 6000 }, () => random.int(1, 6));
    for (const face of [1, 2, 3, 4, 5, 6]) {
      expect(dice.filter((die) => die === face).length / 6000).toBeCloseTo(1 / 6, 1);
    }
  });

  it('of noise agree with the lattice at its points and lie between them elsewhere', () => {
    expect(valueNoise(3, -4, 9)).toBe(latticeNoise(3, -4, 9));
    const corners = [latticeNoise(3, 5, 1), latticeNoise(4, 5, 1), latticeNoise(3, 6, 1), latticeNoise(4, 6, 1)];
    const inside = valueNoise(3.3, 5.8, 1);
    expect(inside).toBeGreaterThanOrEqual(Math.min(...corners));
    expect(inside).toBeLessThanOrEqual(Math.max(...corners));
  });

  it.each([
    { hue: 0, rgb: [255, 0, 0] },
    { hue: 1 / 3, rgb: [0, 255, 0] },
    { hue: 2 / 3, rgb: [0, 0, 255] },
    { hue: -1 / 6, rgb: [255, 0, 255] },
  ])('of hue $hue are the colour $rgb', ({ hue, rgb }) => {
    expect(hsv(hue, 1, 1).map(Math.round)).toEqual(rgb);
  });
});
