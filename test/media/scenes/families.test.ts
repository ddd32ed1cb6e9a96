import { describe, expect, it } from 'vitest';
import { FAMILIES, HELD_OUT_FAMILIES, TRAINING_FAMILIES } from '#media/scenes/families';
import { HUE_ARCS } from '#media/scenes/palettes';
import { worksiteScene } from '#media/scenes/scene';

const SIZE = { width: 320, height: 200 };

describe('held-out scenes', () => {
  it('use families that no training scene uses', () => {
    expect(TRAINING_FAMILIES.filter((family) => HELD_OUT_FAMILIES.includes(family))).toEqual([]);
    expect([...TRAINING_FAMILIES, ...HELD_OUT_FAMILIES].sort()).toEqual(Object.keys(FAMILIES).sort());
    for (let seed = 0; seed < 50; seed++) {
      expect(HELD_OUT_FAMILIES).toContain(worksiteScene(seed, { ...SIZE, pool: 'held-out' }).family);
      expect(TRAINING_FAMILIES).toContain(worksiteScene(seed, SIZE).family);
    }
  });

  it('have backgrounds that no training scene has', () => {
    const trained = TRAINING_FAMILIES.flatMap((family) => FAMILIES[family].backdrops);
    for (const family of HELD_OUT_FAMILIES) {
      expect(FAMILIES[family].backdrops.filter((kind) => trained.includes(kind))).toEqual([]);
    }
  });

  it('are painted in hues that no training scene is painted in', () => {
    const { training, 'held-out': heldOut } = HUE_ARCS;
    const pairs = [
      ...training.paint.flatMap((a) => heldOut.paint.map((b) => [a, b] as const)),
      ...training.machine.flatMap((a) => heldOut.machine.map((b) => [a, b] as const)),
      [training.orange, heldOut.orange] as const,
      [training.lime, heldOut.lime] as const,
    ];
    for (const [[fromA, toA], [fromB, toB]] of pairs) expect(toA <= fromB || toB <= fromA).toBe(true);
  });
});
