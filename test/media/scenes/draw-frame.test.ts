import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawFrame } from '#media/scenes/draw-frame';
import { HELD_OUT_FAMILIES, TRAINING_FAMILIES } from '#media/scenes/families';
import { LABELS, worksiteScene } from '#media/scenes/scene';

const SIZE = { width: 320, height: 200 };
const CROWD = { people: 4, vehicles: 3, cones: 4, props: 3 };

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a worksite scene', () => {
  it('is the same picture, byte by byte, on every machine', () => {
    const { rgb } = drawFrame(worksiteScene('pinned', { ...SIZE, crowd: CROWD }), 1.5);
    // A new digest means new pictures: the shipped detector was trained on the old ones, and its card says so.
    expect(digest(rgb)).toBe('8ca455408c9ffa6a2866d3d4ee0aabf377e1d4f740e1c187fe37810d0099aa82');
  });

  it('looks different with another seed, and at another time', () => {
    const digests = [
      drawFrame(worksiteScene(1, SIZE), 0),
      drawFrame(worksiteScene(2, SIZE), 0),
      drawFrame(worksiteScene(1, SIZE), 2),
    ].map(({ rgb }) => digest(rgb));
    expect(new Set(digests).size).toBe(3);
  });

  it('has boxes of whole pixels inside the picture, not smaller than 1/64 of its width', () => {
    for (let seed = 0; seed < 15; seed++) {
      for (const { box } of drawFrame(worksiteScene(seed, SIZE), seed).truth) {
        const [x, y, width, height] = box;
        expect(box.every(Number.isInteger)).toBe(true);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(SIZE.width);
        expect(y + height).toBeLessThanOrEqual(SIZE.height);
        expect(Math.max(width, height)).toBeGreaterThanOrEqual(SIZE.width / 64);
        expect(Math.min(width, height)).toBeGreaterThan(0);
      }
    }
  });

  it('shows people, vehicles and cones in every family of places', () => {
    for (const family of [...TRAINING_FAMILIES, ...HELD_OUT_FAMILIES]) {
      const seen = [0, 1, 2, 3].flatMap(
        (seed) => drawFrame(worksiteScene(seed, { ...SIZE, family, crowd: CROWD }), 0).truth,
      );
      expect(new Set(seen.map(({ label }) => label))).toEqual(new Set(LABELS));
    }
  });
});
