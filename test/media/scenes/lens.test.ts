import { describe, expect, it } from 'vitest';
import { develop, smear } from '#media/scenes/lens';

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
