import type { Random } from '#media/scenes/random';
import type { View } from './effects.ts';
import type { Kind } from './kinds.ts';
import type { Caption } from './lettering.ts';
import { mutate } from './mutate.ts';
import { inventText } from './words.ts';

/** What is to be seen in one frame. */
export interface FrameScript {
  /** Which of the shot's backdrops. */
  backdrop: number;
  view: View;
  captions: Caption[];
  gain: number;
  hueDegrees: number;
  /** Side of the blurring square, 1 for none. */
  blur: number;
  /** Things that pass by: centre and radius over the picture's width, and a colour number. */
  passers: { x: number; y: number; radius: number; colour: number }[];
  /** A part of the picture that boils: its box over the picture's size, and the seed of its texture. */
  boiling?: { x: number; y: number; width: number; height: number; seed: number };
}

/** Three heights for signs and titles, and the one for subtitles. */
export type CaptionPlace = 'upper' | 'middle' | 'lower' | 'subtitle';

export interface Stage {
  width: number;
  height: number;
  frames: number;
  framesPerSecond: number;
  random: Random;
  /** Makes a caption somewhere in the picture. */
  caption: (random: Random, text: string, place: CaptionPlace) => Caption;
}

export interface Shot {
  backdrops: number;
  /** The script of each frame, in order. */
  scripts: FrameScript[];
}

/** Backdrops are drawn this much larger than the picture, so that a camera can move over them. */
export const BACKDROP_MARGIN = 1.3;

/** Writes the script of a clip of this kind. */
export function writeShot(kind: Kind, stage: Stage): Shot {
  const scripts = Array.from({ length: stage.frames }, () => stillFrame(stage));
  const backdrops = DIRECTORS[kind]({ ...stage, scripts }) ?? 1;
  return { backdrops, scripts };
}

type Direct = (stage: Stage & { scripts: FrameScript[] }) => number | undefined;

const DIRECTORS: Record<Kind, Direct> = {
  'text-mutation': directMutation,
  flicker: directFlicker,
  'texture-flicker': directBoiling,
  'clean-text': directText,
  'clean-no-text': ({ random, ...stage }) => (random.chance(0.5) ? directDrift({ random, ...stage }) : undefined),
  'hard-cut': (stage) => {
    const cut = stage.random.int(Math.ceil(stage.frames * 0.25), Math.floor(stage.frames * 0.75));
    if (stage.random.chance(0.3)) directText(stage);
    for (const script of stage.scripts.slice(cut)) script.backdrop = 1;
    return 2;
  },
  'growing-blur': (stage) => {
    directText(stage);
    for (const [at, script] of stage.scripts.entries())
      script.blur = 1 + 2 * Math.floor((10 * at) / (stage.frames - 1));
    return undefined;
  },
  'compression-noise': (stage) => {
    if (stage.random.chance(0.6)) directText(stage);
    directPassers(stage);
    return undefined;
  },
  fade: directFade,
  pan: (stage) => {
    if (stage.random.chance(0.3)) directText(stage);
    return directDrift(stage, 0.9);
  },
  subtitles: directSubtitles,
  montage: (stage) => {
    const scenes = stage.random.int(4, 9);
    for (const [at, script] of stage.scripts.entries()) script.backdrop = Math.floor((at * scenes) / stage.frames);
    return scenes;
  },
  motion: (stage) => {
    if (stage.random.chance(0.4)) directText(stage);
    directPassers(stage);
    return undefined;
  },
  still: (stage) => {
    if (stage.random.chance(0.5)) directText(stage);
    return undefined;
  },
};

function stillFrame({ width, height }: Stage): FrameScript {
  const margin = (BACKDROP_MARGIN - 1) / 2;
  const view = { x: width * margin, y: height * margin, zoom: 1 };
  return { backdrop: 0, view, captions: [], gain: 1, hueDegrees: 0, blur: 1, passers: [] };
}

function directText({ random, scripts, caption }: Parameters<Direct>[0]): undefined {
  const captions = placesFor(random, random.int(1, 2)).map((place) => caption(random, inventText(random), place));
  for (const script of scripts) script.captions = captions;
}

/** So many heights, each once: two lines of text must not cover each other. */
function placesFor(random: Random, count: number): CaptionPlace[] {
  const first = random.int(0, 2);
  return (['upper', 'middle', 'lower', 'upper', 'middle'] as const).slice(first, first + count);
}

/** In three of ten frames the text is another one, a little moved and of another size; each lasts one frame or a few. */
function directMutation({ random, scripts, caption, framesPerSecond }: Parameters<Direct>[0]): undefined {
  const [original, ...others] = placesFor(random, random.chance(0.3) ? 2 : 1).map((place) =>
    caption(random, inventText(random), place),
  ) as [Caption, ...Caption[]];
  const share = random.range(0.25, 0.5);
  const hold = random.pick([1, Math.ceil(framesPerSecond / 5), Math.ceil(framesPerSecond / 2)]);
  const changed = choose(random, share, Math.ceil(scripts.length / hold));
  let current = original;
  for (const [at, script] of scripts.entries()) {
    if (at % hold === 0) {
      const jitter = () => random.int(-3, 3);
      current = changed.has(at / hold)
        ? {
            ...original,
            text: mutate(original.text, random),
            x: original.x + jitter(),
            y: original.y + jitter(),
            size: original.size * random.range(0.95, 1.05),
          }
        : original;
    }
    script.captions = [current, ...others];
  }
}

/** This share of the numbers below `count`, at least two of them: chance alone would now and then take none. */
function choose(random: Random, share: number, count: number): Set<number> {
  const ranked = Array.from({ length: count }, (_, at) => ({ at, rank: random.next() })).sort(
    (a, b) => a.rank - b.rank,
  );
  return new Set(ranked.slice(0, Math.max(2, Math.round(share * count))).map(({ at }) => at));
}

/** A quarter of the frames are lighter or darker and of another hue. */
function directFlicker(stage: Parameters<Direct>[0]): undefined {
  const { random, scripts } = stage;
  if (random.chance(0.3)) directText(stage);
  const jumping = choose(random, random.range(0.2, 0.4), scripts.length);
  for (const [at, script] of scripts.entries()) {
    if (!jumping.has(at)) continue;
    // Less than a tenth is not seen.
    const change = random.range(0.1, 0.3);
    script.gain = random.chance(0.5) ? 1 + change : 1 - change;
    script.hueDegrees = random.range(-15, 15);
  }
}

/** A part of the picture is now and then made of another texture. */
function directBoiling(stage: Parameters<Direct>[0]): undefined {
  const { random, scripts } = stage;
  if (random.chance(0.2)) directText(stage);
  const [width, height] = [random.range(0.35, 0.8), random.range(0.35, 0.8)];
  const box = { x: random.range(0, 1 - width), y: random.range(0, 1 - height), width, height };
  const boiling = choose(random, random.range(0.25, 0.6), scripts.length);
  const seeds = random.int(1, 1e6);
  for (const [at, script] of scripts.entries()) {
    script.boiling = { ...box, seed: boiling.has(at) ? seeds + at + 1 : seeds };
  }
}

/** The camera moves over the backdrop at an even pace, and may come nearer. */
function directDrift({ random, scripts }: Pick<Parameters<Direct>[0], 'random' | 'scripts'>, reach = 0.6): undefined {
  const { x, y } = scripts[0]!.view;
  const [right, down] = [random.range(-reach, reach) * x, random.range(-reach, reach) * y];
  const nearer = random.chance(0.3) ? random.range(0, 0.15) : 0;
  for (const [at, script] of scripts.entries()) {
    const share = at / Math.max(1, scripts.length - 1);
    script.view = { x: x + right * (2 * share - 1), y: y + down * (2 * share - 1), zoom: 1 + nearer * share };
  }
}

function directPassers({ random, scripts }: Parameters<Direct>[0]): undefined {
  const passers = Array.from({ length: random.int(1, 3) }, () => ({
    from: random.range(-0.2, 1.2),
    to: random.range(-0.2, 1.2),
    y: random.range(0.1, 0.5),
    radius: random.range(0.02, 0.09),
    colour: random.next(),
  }));
  for (const [at, script] of scripts.entries()) {
    const share = at / Math.max(1, scripts.length - 1);
    script.passers = passers.map(({ from, to, ...passer }) => ({ ...passer, x: from + (to - from) * share }));
  }
}

/** Out of the dark, into it, or both. */
function directFade(stage: Parameters<Direct>[0]): undefined {
  const { random, scripts } = stage;
  if (random.chance(0.4)) directText(stage);
  const [fadesIn, fadesOut] = random.pick([
    [true, false],
    [false, true],
    [true, true],
  ] as const);
  const part = random.range(0.15, 0.4);
  for (const [at, script] of scripts.entries()) {
    const share = at / Math.max(1, scripts.length - 1);
    const rising = fadesIn ? share / part : 1;
    const falling = fadesOut ? (1 - share) / part : 1;
    script.gain = Math.min(1, Math.max(0, rising), Math.max(0, falling));
  }
}

/** Lines of text that follow each other with a pause, as somebody speaks. */
function directSubtitles({ random, scripts, caption, framesPerSecond }: Parameters<Direct>[0]): undefined {
  for (let at = random.int(0, framesPerSecond); at < scripts.length; ) {
    const line = caption(random, inventText(random, 4), 'subtitle');
    const until = at + Math.round(framesPerSecond * random.range(1, 2.2));
    for (const script of scripts.slice(at, until)) script.captions = [line];
    at = until + (random.chance(0.5) ? 0 : random.int(1, framesPerSecond));
  }
  if (random.chance(0.4)) directDrift({ random, scripts }, 0.4);
}
