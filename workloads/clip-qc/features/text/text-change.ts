import { type Box, cropOf, type GreyPicture } from '../picture.ts';
import { resizeLinear } from '../resize.ts';
import { structuralSimilarity } from '../structural-similarity.ts';
import { editsBetween } from './edit-distance.ts';
import type { TextRegion } from './match-regions.ts';

/** What became of one region from a frame to the next. */
export interface TextChange {
  /** The frames are `pair` and `pair + 1`. */
  pair: number;
  from: TextRegion;
  to: TextRegion;
  editDistance: number;
  replaced: number;
  /** Absolute change of the reader's confidence. */
  confidenceDelta: number;
  /** How far the box's centre moved, in pixels. */
  shift: number;
  /** SSIM of the two pieces of picture. */
  cropSsim: number;
  characterCountDelta: number;
  /** SSIM of the whole frames. */
  globalSsim: number;
}

export function changeOf(
  [from, to]: readonly [TextRegion, TextRegion],
  [first, second]: readonly [GreyPicture, GreyPicture],
  { pair, globalSsim }: Pick<TextChange, 'pair' | 'globalSsim'>,
): TextChange {
  const { distance, replaced } = editsBetween(from.text, to.text);
  const [fromX, fromY] = centreOf(from.box);
  const [toX, toY] = centreOf(to.box);
  return {
    pair,
    from,
    to,
    editDistance: distance,
    replaced,
    confidenceDelta: Math.abs(to.confidence - from.confidence),
    shift: Math.hypot(toX - fromX, toY - fromY),
    cropSsim: cropSimilarity(cropOf(first, from.box), cropOf(second, to.box)),
    characterCountDelta: Math.abs([...to.text].length - [...from.text].length),
    globalSsim,
  };
}

/** SSIM of two pieces at the smaller height and width of both; 1 where one of them is empty. */
export function cropSimilarity(a: GreyPicture, b: GreyPicture): number {
  const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
  if (width === 0 || height === 0) return 1;
  return structuralSimilarity(resizeLinear(a, width, height), resizeLinear(b, width, height));
}

function centreOf([x1, y1, x2, y2]: Box): [x: number, y: number] {
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}
