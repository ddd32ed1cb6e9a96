import type { Category } from '../result.ts';

/** The kinds of clips that are drawn, and what a clip of each is to be taken for. */
export const KINDS = {
  'text-mutation': 'TEXT_INCONSISTENCY',
  flicker: 'TEMPORAL_FLICKER',
  'texture-flicker': 'TEMPORAL_FLICKER',
  'clean-text': 'NONE',
  'clean-no-text': 'NONE',
  'hard-cut': 'NONE',
  'growing-blur': 'NONE',
  'compression-noise': 'NONE',
  fade: 'NONE',
  pan: 'NONE',
  subtitles: 'NONE',
  montage: 'NONE',
  motion: 'NONE',
  still: 'NONE',
} as const satisfies Record<string, Category>;

export type Kind = keyof typeof KINDS;
