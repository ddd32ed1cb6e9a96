import { type Random, randomFrom } from '#media/scenes/random';
import type { FilmOptions } from '#workloads/clip-qc/example/film';
import { KINDS, type Kind } from '#workloads/clip-qc/example/kinds';
import { writeInRealLetters } from './real-letters.ts';

/** Which clips there are for training, and which are held out: of other seeds, letters, backdrops, sizes and encoders. */
export const SPLITS = { train: trainingOptions, 'held-out': heldOutOptions } as const;
export type Split = keyof typeof SPLITS;

/** A clip to be drawn. */
export interface SetClip {
  id: string;
  kind: Kind;
  seed: string;
  options: FilmOptions;
  codec: readonly string[];
  /** Numbers of its own, for what else is chosen by chance. */
  random: Random;
}

// What is mistaken most easily is drawn most often.
const MORE: Partial<Record<Kind, number>> = {
  'text-mutation': 4,
  flicker: 3,
  'texture-flicker': 2,
  subtitles: 3,
  'growing-blur': 3,
  'hard-cut': 2,
  montage: 2,
  pan: 2,
  'clean-no-text': 2,
};

/** The clips of the rounds from `from` to before `until`. A round is one clip of each kind, and more of some. */
export function clipsOf(split: Split, from: number, until: number): SetClip[] {
  const clips: SetClip[] = [];
  for (let round = from; round < until; round += 1) {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      for (let copy = 0; copy < (MORE[kind] ?? 1); copy += 1) {
        const id = `${split}/${kind}/${round}-${copy}`;
        const random = randomFrom(`clip-qc-set/${id}`);
        const { codec, ...options } = SPLITS[split](random, kind);
        clips.push({ id, kind, seed: id, options, codec, random: random.fork('else') });
      }
    }
  }
  return clips;
}

type Options = FilmOptions & { codec: readonly string[] };
type Size = readonly [width: number, height: number];

// Most clips are small and slow, because drawing and reading take their time; a few are as large and fast as real ones.
const TRAINING_SIZES: Size[] = [
  [640, 360],
  [640, 360],
  [854, 480],
  [854, 480],
  [512, 288],
  [480, 480],
  [360, 640],
  [1280, 720],
];
const HELD_OUT_SIZES: Size[] = [
  [640, 360],
  [640, 480],
  [960, 540],
  [540, 960],
  [600, 600],
  [1280, 720],
];

function trainingOptions(random: Random, kind: Kind): Options {
  const [width, height] = random.pick(TRAINING_SIZES);
  const crf = kind === 'compression-noise' ? random.int(36, 44) : random.int(16, 32);
  return {
    ...{ width, height, seconds: random.range(3, 5), grain: random.range(0.5, 3) },
    framesPerSecond: random.pick([5, 5, 5, 10, 10, 25]),
    // A camera that moves over fine detail makes frames much less alike: two of five kinds of backdrops have it.
    backdrops: ['slope', 'clouds', 'blocks', 'foliage', 'gravel'],
    codec: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-pix_fmt', 'yuv420p'],
  };
}

/** Other backdrops, letters and encoders than any training clip has. */
function heldOutOptions(random: Random, kind: Kind): Options {
  const [width, height] = random.pick(HELD_OUT_SIZES);
  const strong = kind === 'compression-noise';
  const mpeg4 = [
    '-c:v',
    'mpeg4',
    '-q:v',
    String(strong ? random.int(18, 28) : random.int(3, 8)),
    '-pix_fmt',
    'yuv420p',
  ];
  const crf = strong ? random.int(52, 60) : random.int(28, 40);
  const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '0', '-crf', String(crf)];
  return {
    ...{ width, height, seconds: random.range(3, 6), grain: random.range(0.5, 3) },
    framesPerSecond: random.pick([5, 6, 8, 12, 24, 30]),
    backdrops: ['tiles', 'worksite'],
    write: writeInRealLetters,
    codec: random.pick([mpeg4, vp9]),
  };
}
