import { describe, expect, it } from 'vitest';
import { createBrush, createCanvas, fillPolygon } from '#media/scenes/canvas';

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

  it('own a pixel that several of them cover by a half together', () => {
    const brush = createBrush(createCanvas(1, 1), 5);
    const third = (x: number) => fillPolygon(brush, [x, 0, x + 0.33, 0, x + 0.33, 1, x, 1], { colour: [9, 9, 9] });
    third(0);
    expect(brush.canvas.owner[0]).toBe(0);
    third(0.33);
    expect(brush.canvas.owner[0]).toBe(5);
  });
});
