import { findCorners, type Grey } from './corners.ts';
import { type Pyramid, pyramidOf, shrink, trackCorners } from './track-corners.ts';

/** What a picture is like, and how it differs from the one before. */
export interface Look {
  /** Corners that a tracker can hold on to. */
  corners: number;
  /** Median way of the corners since the picture before, as a part of the picture's width; undefined where most are lost. */
  motion?: number;
}

// Small pictures have about so many rows: a finger's breadth of a hand's shake is under a pixel in them.
const SMALL_ROWS = 120;
// The grid has about so many cells across.
const CELLS_ACROSS = 14;
const MOST_LOST = 0.6;

/**
 * Looks at pictures one after another; their grey levels are only read while looking. Corners where the mask, of the same
 * size, is black don't count.
 */
export function watchMotion(): (grey: Uint8Array, width: number, height: number, mask?: Uint8Array) => Look {
  let before: { pyramid: Pyramid; corners: Float64Array } | undefined;
  return (grey, width, height, mask) => {
    const factor = Math.max(1, Math.floor(Math.min(width, height) / SMALL_ROWS));
    const small = shrink(grey, width, height, factor);
    const pyramid = pyramidOf(small);
    const all = findCorners(small, Math.max(4, Math.floor(small.width / CELLS_ACROSS)));
    const corners = mask ? within(shrink(mask, width, height, factor), all) : all;
    const motion = before && isSameSize(before.pyramid, pyramid) ? medianMotion(before, pyramid) : undefined;
    before = { pyramid, corners };
    return { corners: corners.length / 2, ...(motion === undefined ? {} : { motion }) };
  };
}

function within(mask: Grey, corners: Float64Array): Float64Array {
  return corners.filter((_, at) => {
    const first = at - (at % 2);
    return mask.pixels[corners[first + 1]! * mask.width + corners[first]!]! >= 128;
  });
}

function medianMotion({ pyramid, corners }: { pyramid: Pyramid; corners: Float64Array }, next: Pyramid) {
  const { places, found } = trackCorners(pyramid, next, corners);
  if (found === 0 || found < (1 - MOST_LOST) * (corners.length / 2)) return undefined;
  const ways: number[] = [];
  for (let at = 0; at < corners.length; at += 2) {
    if (Number.isNaN(places[at]!)) continue;
    ways.push(Math.hypot(places[at]! - corners[at]!, places[at + 1]! - corners[at + 1]!));
  }
  ways.sort((one, other) => one - other);
  return ways[ways.length >> 1]! / pyramid[0]!.width;
}

function isSameSize([one]: Pyramid, [other]: Pyramid): boolean {
  return one!.width === other!.width && one!.height === other!.height;
}
