import { describe, expect, it } from 'vitest';
import { nearestGround, project } from '#media/scenes/camera';
import { createBrush, createCanvas, fillPolygon } from '#media/scenes/canvas';
import { hsv } from '#media/scenes/colour';
import { develop, smear } from '#media/scenes/lens';
import { latticeNoise, valueNoise } from '#media/scenes/noise';
import { randomFrom } from '#media/scenes/random';
import { cosine, sine } from '#media/scenes/turns';

describe('polygons', () => {
  it.each([
    { name: 'a whole pixel', points: [1, 1, 2, 1, 2, 2, 1, 2], expected: 200 },
    { name: 'half a pixel, cut upright', points: [1.5, 1, 2, 1, 2, 2, 1.5, 2], expected: 100 },
    { name: 'a quarter of a pixel', points: [1.5, 1.5, 2, 1.5, 2, 2, 1.5, 2], expected: 50 },
    { name: 'half a pixel, cut across', points: [1, 1, 2, 2, 1, 2], expected: 100 },
    { name: 'the same, drawn the other way round', points: [1, 2, 2, 2, 1, 1], expected: 100 },
    { name: 'a pixel of a shape that reaches far outside', points: [-50, 1, 50, 1, 50, 2, -50, 2], expected: 200 },
    { name: 'nothing of a shape beside it', points: [2, 1, 3, 1, 3, 2, 2, 2], expected: 0 },
  ])('cover $name', ({ points, expected }) => {
    const canvas = createCanvas(4, 4);
    fillPolygon(createBrush(canvas, undefined), points, { colour: [200, 200, 200] });
    expect(canvas.rgb[(1 * 4 + 1) * 3]).toBe(expected);
  });

  it('cover, over many slanted pixels, exactly the area they have', () => {
    const canvas = createCanvas(64, 64);
    fillPolygon(createBrush(canvas, undefined), [3.2, 5.1, 60.7, 20.3, 22.4, 58.8], { colour: [255, 255, 255] });
    const sum = canvas.rgb.reduce((total, byte) => total + byte, 0) / 3 / 255;
    const twice = (60.7 - 3.2) * (58.8 - 5.1) - (22.4 - 3.2) * (20.3 - 5.1);
    expect(sum).toBeCloseTo(twice / 2, 0);
  });

  it('remember how far they went beyond the picture', () => {
    const brush = createBrush(createCanvas(4, 4), 7);
    fillPolygon(brush, [-9, 1, 2, 1, 2, 12, -9, 12], { colour: [1, 1, 1] });
    expect(brush.reach).toEqual({ left: -9, top: 1, right: 2, bottom: 12 });
    expect([...brush.canvas.owner.subarray(0, 8)]).toEqual([0, 0, 0, 0, 7, 7, 0, 0]);
  });

  it('leave the owner of a pixel alone when they only darken it', () => {
    const canvas = createCanvas(2, 1);
    canvas.owner.fill(3);
    fillPolygon(createBrush(canvas, undefined), [0, 0, 2, 0, 2, 1, 0, 1], { colour: [0, 0, 0], alpha: 0.9 });
    expect([...canvas.owner]).toEqual([3, 3]);
  });
});

describe('the camera', () => {
  const camera = { width: 200, height: 100, horizon: 40, focal: 150, eyeHeight: 3 };

  it('shows the nearest ground in the lowest row', () => {
    expect(project(camera, [0, 0, nearestGround(camera)])[1]).toBeCloseTo(100, 9);
  });

  it('shows what is as high as itself on the horizon, at any distance', () => {
    expect([5, 20, 300].map((z) => project(camera, [1, 3, z])[1])).toEqual([40, 40, 40]);
  });
});

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

describe('the lens', () => {
  it.each([
    { name: 'sideways', dx: 2, dy: 0, expected: [0, 30, 30, 30, 0] },
    { name: 'up and down', dx: 0, dy: 2, expected: [0, 0, 30, 0, 0] },
    { name: 'not at all', dx: 0, dy: 0, expected: [0, 0, 90, 0, 0] },
  ])('smears a bright pixel $name', ({ dx, dy, expected }) => {
    const rgb = new Uint8Array(5 * 5 * 3);
    rgb.fill(90, (2 * 5 + 2) * 3, (2 * 5 + 3) * 3);
    const row = smear(rgb, 5, 5, dx, dy).subarray(2 * 15, 3 * 15);
    expect([...row].filter((_, byte) => byte % 3 === 0)).toEqual(expected);
  });

  it('leaves a plain picture as it is, up to its borders', () => {
    const rgb = new Uint8Array(20 * 10 * 3).fill(77);
    expect(smear(rgb, 20, 10, 34, -9)).toEqual(rgb);
  });

  it('never turns white into black when it brightens', () => {
    const rgb = new Uint8Array(300).fill(250);
    develop(rgb, { light: { tint: [1.2, 1, 0.5] } }, 3);
    const [reds, blues] = [0, 2].map((channel) => rgb.filter((_, byte) => byte % 3 === channel));
    expect(Math.min(...reds!)).toBeGreaterThan(245);
    expect(Math.max(...blues!)).toBeLessThan(135);
  });
});
