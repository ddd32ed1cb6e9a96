import type { Backdrop } from './backdrops.ts';
import type { Rgb } from './colour.ts';
import { type Ground, tones } from './grounds.ts';
import type { Random } from './random.ts';

/** A kind of place. The held-out ones are kept for measuring: no training scene shows their ground or their walls. */
export type FamilyName =
  | 'gravel-yard'
  | 'roadworks'
  | 'house-build'
  | 'container-yard'
  | 'meadow'
  | 'tower-site'
  | 'quarry'
  | 'winter-dock';

type Family = {
  ground: Omit<Ground, 'seed' | 'colours'> & { colour: readonly [low: Rgb, high: Rgb]; depth: number };
  /** From far to near; each is drawn with a chance of one half, the last one always. */
  backdrops: readonly Backdrop[];
};

export const TRAINING_FAMILIES: readonly FamilyName[] = [
  'gravel-yard',
  'roadworks',
  'house-build',
  'container-yard',
  'meadow',
  'tower-site',
];

export const HELD_OUT_FAMILIES: readonly FamilyName[] = ['quarry', 'winter-dock'];

export const FAMILIES: Record<FamilyName, Family> = {
  'gravel-yard': {
    ground: {
      colour: [
        [128, 124, 118],
        [168, 162, 152],
      ],
      depth: 0.25,
      patchMetres: 5,
      grain: 0.5,
      grainMetres: 0.09,
      marks: 'none',
    },
    backdrops: ['skyline', 'trees', 'fence'],
  },
  roadworks: {
    ground: {
      colour: [
        [64, 66, 70],
        [104, 104, 106],
      ],
      depth: 0.2,
      patchMetres: 7,
      grain: 0.2,
      grainMetres: 0.06,
      marks: 'lanes',
    },
    backdrops: ['houses', 'trees'],
  },
  'house-build': {
    ground: {
      colour: [
        [120, 92, 66],
        [158, 126, 94],
      ],
      depth: 0.35,
      patchMetres: 3,
      grain: 0.35,
      grainMetres: 0.2,
      marks: 'ruts',
    },
    backdrops: ['trees', 'houses', 'scaffold'],
  },
  'container-yard': {
    ground: {
      colour: [
        [150, 148, 142],
        [190, 186, 178],
      ],
      depth: 0.15,
      patchMetres: 9,
      grain: 0.15,
      grainMetres: 0.12,
      marks: 'slabs',
    },
    backdrops: ['skyline', 'containers'],
  },
  meadow: {
    ground: {
      colour: [
        [84, 110, 50],
        [122, 142, 78],
      ],
      depth: 0.35,
      patchMetres: 2.2,
      grain: 0.5,
      grainMetres: 0.14,
      marks: 'none',
    },
    backdrops: ['trees', 'hoarding'],
  },
  'tower-site': {
    ground: {
      colour: [
        [96, 84, 72],
        [142, 128, 110],
      ],
      depth: 0.3,
      patchMetres: 4,
      grain: 0.4,
      grainMetres: 0.16,
      marks: 'ruts',
    },
    backdrops: ['skyline', 'frame', 'hoarding'],
  },
  quarry: {
    ground: {
      colour: [
        [196, 170, 124],
        [218, 192, 150],
      ],
      depth: 0.22,
      patchMetres: 6,
      grain: 0.3,
      grainMetres: 0.1,
      marks: 'ruts',
    },
    backdrops: ['terraces'],
  },
  'winter-dock': {
    ground: {
      colour: [
        [206, 212, 220],
        [234, 238, 244],
      ],
      depth: 0.2,
      patchMetres: 3.5,
      grain: 0.12,
      grainMetres: 0.15,
      marks: 'none',
    },
    backdrops: ['warehouse'],
  },
};

export function groundOf(name: FamilyName, random: Random): Ground {
  const { colour, depth, ...rest } = FAMILIES[name].ground;
  const [low, high] = colour;
  const channel = (index: 0 | 1 | 2, share: number) => low[index] + (high[index] - low[index]) * share;
  const share = random.next();
  return {
    ...rest,
    colours: tones([channel(0, share), channel(1, share), channel(2, share)], depth),
    seed: random.int(0, 1e6),
  };
}
