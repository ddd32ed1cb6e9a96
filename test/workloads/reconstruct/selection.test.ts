import { describe, expect, it } from 'vitest';
import { pairingFor } from '#workloads/reconstruct/pairing';
import { type Candidate, chooseFrames } from '#workloads/reconstruct/selection/choose-frames';
import { findCorners, type Grey } from '#workloads/reconstruct/selection/corners';
import { pyramidOf, shrink, trackCorners } from '#workloads/reconstruct/selection/track-corners';
import { watchMotion } from '#workloads/reconstruct/selection/watch-motion';

/** Soft blobs, moved by so many pixels. */
function blobs(moveX: number, moveY: number, width = 160, height = 120): Grey {
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [(at % width) - moveX, Math.floor(at / width) - moveY];
    return (
      128 + 60 * Math.sin(x / 2.5) * Math.cos(y / 3) + 35 * Math.sin(x / 9 + y / 7) + 25 * Math.cos(x / 6 - y / 11)
    );
  });
  return { width, height, pixels };
}

describe('corners', () => {
  it('are found where there is something, spread over the picture', () => {
    const corners = findCorners(blobs(0, 0), 16);
    expect(corners.length / 2).toBeGreaterThan(30);
    const right = corners.filter((x, at) => at % 2 === 0 && x > 80).length;
    expect(right / (corners.length / 2)).toBeGreaterThan(0.35);
  });

  it('are not found in an even picture, nor along a straight edge', () => {
    expect(findCorners({ width: 64, height: 64, pixels: new Uint8Array(4096).fill(90) }, 8)).toHaveLength(0);
    const edge = Uint8Array.from({ length: 4096 }, (_, at) => (at % 64 < 32 ? 20 : 220));
    expect(findCorners({ width: 64, height: 64, pixels: edge }, 8)).toHaveLength(0);
  });

  it.each([
    { x: 0, y: 0 },
    { x: 0.5, y: -0.25 },
    { x: 3, y: 2 },
    { x: -4, y: 2.5 },
  ])('are followed over $x, $y pixels, to a tenth of one', ({ x, y }) => {
    const [from, to] = [blobs(0, 0), blobs(x, y)];
    const corners = findCorners(from, 16);
    const { places, found } = trackCorners(pyramidOf(from), pyramidOf(to), corners);
    expect(found / (corners.length / 2)).toBeGreaterThan(0.5);
    const off: number[] = [];
    for (let at = 0; at < corners.length; at += 2) {
      if (Number.isNaN(places[at])) continue;
      off.push(Math.hypot(places[at]! - corners[at]! - x, places[at + 1]! - corners[at + 1]! - y));
    }
    expect(off.toSorted((a, b) => a - b)[off.length >> 1]).toBeLessThan(0.1);
  });

  it('tell how far the picture has moved, as a part of its width', () => {
    const look = watchMotion();
    const [still, moved] = [blobs(0, 0), blobs(4, 0)];
    expect(look(still.pixels, 160, 120).motion).toBeUndefined();
    expect(look(still.pixels, 160, 120).motion).toBeCloseTo(0, 3);
    expect(look(moved.pixels, 160, 120).motion).toBeCloseTo(4 / 160, 2);
  });

  it('are looked for in a picture of means', () => {
    const small = shrink(Uint8Array.from([0, 4, 8, 8, 9, 8, 12, 8, 8, 9]), 5, 2, 2);
    expect(small).toEqual({ width: 2, height: 1, pixels: Uint8Array.from([6, 8]) });
  });
});

describe('the choice', () => {
  const rules = { maxFrames: 300, blurThreshold: 20, stepWidths: 0.05 };
  const walk = (changes: Partial<Candidate>[]): Candidate[] =>
    changes.map((change) => ({ sharpness: 100, corners: 90, motion: 0.05, ...change }));

  it('goes by the way, not by time: standing still gives one picture', () => {
    const { chosen, wayWidths } = chooseFrames(walk([...Array(10).fill({ motion: 0 }), ...Array(10).fill({})]), rules);
    expect(wayWidths).toBeCloseTo(0.5);
    expect(chosen.filter((at) => at < 10)).toHaveLength(1);
    expect(chosen.length).toBeGreaterThan(8);
  });

  it('takes the sharpest near each place', () => {
    const candidates = walk([{}, ...Array(11).fill({ motion: 0.01 })]);
    candidates[4] = { ...candidates[4]!, sharpness: 130 };
    expect(chooseFrames(candidates, rules).chosen).toContain(4);
  });

  it('leaves out what is blurred: by the threshold, and beside its neighbours', () => {
    const candidates = walk([{}, {}, { sharpness: 19 }, {}, {}, { sharpness: 40 }, {}, {}]);
    const { reasons } = chooseFrames(candidates, rules);
    expect([reasons.get(2), reasons.get(5)]).toEqual(['blurred', 'blurred']);
  });

  it.each([8, 50, 300])('is never more than %s', (maxFrames) => {
    const candidates = walk(Array(3_000).fill({ motion: 0.2 }));
    expect(chooseFrames(candidates, { ...rules, maxFrames }).chosen).toHaveLength(maxFrames);
  });

  it('takes all pictures that somebody took one by one', () => {
    const pictures: Candidate[] = Array.from({ length: 30 }, () => ({ sharpness: 100, corners: 90 }));
    expect(chooseFrames(pictures, { ...rules, stepWidths: 0 }).chosen).toHaveLength(30);
  });
});

describe('which pairs are compared', () => {
  const of = (kind: 'video' | 'pictures', frames: number, hasTree = false) =>
    pairingFor('auto', { kind, frames: Array(frames), hasTree });
  it.each([
    { name: 'neighbours in a video', found: of('video', 200), wanted: 'sequential' },
    { name: 'all in a very short video', found: of('video', 20), wanted: 'exhaustive' },
    { name: 'all of pictures', found: of('pictures', 200), wanted: 'exhaustive' },
    { name: 'what a tree proposes, of many pictures', found: of('pictures', 200, true), wanted: 'vocabularyTree' },
    { name: 'all of few pictures, tree or not', found: of('pictures', 40, true), wanted: 'exhaustive' },
  ])('$name', ({ found, wanted }) => expect(found).toBe(wanted));
});
