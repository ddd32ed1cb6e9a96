import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Corners } from '#annotation/boxes';
import { placementOf, toPicture } from '#inference/detection/placement';

const box = { width: 100, height: 100 };

describe('placementOf', () => {
  it.each([
    { size: [200, 100], scale: 0.5, padX: 0, padY: 25, inner: { width: 100, height: 50 } },
    { size: [100, 200], scale: 0.5, padX: 25, padY: 0, inner: { width: 50, height: 100 } },
    { size: [50, 50], scale: 2, padX: 0, padY: 0, inner: { width: 100, height: 100 } },
    // An odd remainder: 33 above, 34 below.
    { size: [300, 99], scale: 1 / 3, padX: 0, padY: 33, inner: { width: 100, height: 33 } },
    { size: [1000, 1], scale: 0.1, padX: 0, padY: 49, inner: { width: 100, height: 1 } },
  ])('letterboxes $size into 100x100', ({ size: [width, height], scale, padX, padY, inner }) => {
    const placement = placementOf({ width: width!, height: height! }, { ...box, resize: 'letterbox' });
    expect(placement).toEqual({ scaleX: scale, scaleY: scale, padX, padY, inner });
  });

  it('stretches to the whole input, and says by how much', () => {
    const placement = placementOf({ width: 200, height: 50 }, { ...box, resize: 'stretch' });
    expect(placement).toEqual({ scaleX: 0.5, scaleY: 2, padX: 0, padY: 0, inner: box });
  });
});

describe('toPicture', () => {
  it.each(['letterbox', 'stretch'] as const)('leads back from a %s, for any shape of picture', (resize) => {
    const side = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const placement = placementOf({ width, height }, { ...box, resize });
        const { scaleX, scaleY, padX, padY } = placement;
        const placed: Corners = [padX, padY, width * scaleX + padX, height * scaleY + padY];
        for (const [at, edge] of toPicture(placed, placement).entries()) {
          expect(edge).toBeCloseTo([0, 0, width, height][at]!, 6);
        }
      }),
    );
  });
});
