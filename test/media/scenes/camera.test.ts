import { describe, expect, it } from 'vitest';
import { nearestGround, project } from '#media/scenes/camera';

describe('the camera', () => {
  const camera = { width: 200, height: 100, horizon: 40, focal: 150, eyeHeight: 3 };

  it('shows the nearest ground in the lowest row', () => {
    expect(project(camera, [0, 0, nearestGround(camera)])[1]).toBeCloseTo(100, 9);
  });

  it('shows what is as high as itself on the horizon, at any distance', () => {
    expect([5, 20, 300].map((z) => project(camera, [1, 3, z])[1])).toEqual([40, 40, 40]);
  });
});
