import { type Canvas, createBrush, createCanvas, fillPolygon } from '#media/scenes/canvas';
import { hsv, type Rgb } from '#media/scenes/colour';
import { type Random, randomFrom } from '#media/scenes/random';
import { BACKDROPS, type BackdropKind, drawBackdrop } from './backdrops.ts';
import { addGrain, boxBlur, createCamera, makeGrain, relight } from './effects.ts';
import type { Kind } from './kinds.ts';
import { type Caption, type Typeface, type WriteCaption, writeCaption } from './lettering.ts';
import { BACKDROP_MARGIN, type CaptionPlace, type FrameScript, type Stage, writeShot } from './shots.ts';

export interface FilmOptions {
  width: number;
  height: number;
  seconds: number;
  framesPerSecond: number;
  /** From which kinds the backdrops are chosen. */
  backdrops?: readonly BackdropKind[];
  /** Writes the captions; with the letters of this folder by default. */
  write?: WriteCaption;
  /** Standard deviation of the grain, 0-255. */
  grain?: number;
}

/** A drawn clip, whose pictures are drawn one after another. Each is R G B interleaved and lent until the next. */
export interface Film extends Pick<FilmOptions, 'width' | 'height' | 'framesPerSecond'> {
  frames: number;
  /** What each frame shows. */
  scripts: FrameScript[];
  pictures(): AsyncGenerator<Uint8Array>;
}

/** Invents a clip of a kind. The same seed and options give the same pictures. */
export function inventFilm(kind: Kind, seed: number | string, options: FilmOptions): Film {
  const { width, height, seconds, framesPerSecond, write = writeCaption, grain: sigma = 2 } = options;
  const random = randomFrom(`clip-qc/${kind}/${seed}`);
  const frames = Math.max(1, Math.round(seconds * framesPerSecond));
  const look = inventLook(random.fork('look'));
  const caption: Stage['caption'] = (source, text, place) => placeCaption({ width, height }, source, text, look, place);
  const shot = writeShot(kind, { width, height, frames, framesPerSecond, random: random.fork('shot'), caption });

  async function* pictures(): AsyncGenerator<Uint8Array> {
    const { backdrops: kinds = BACKDROPS } = options;
    const chosen = random.fork('backdrop');
    const backdrops = Array.from({ length: shot.backdrops }, (_, at) =>
      drawBackdrop(
        chosen.pick(kinds),
        chosen.fork(`${at}`),
        Math.round(width * BACKDROP_MARGIN),
        Math.round(height * BACKDROP_MARGIN),
      ),
    );
    const grain = makeGrain(random.fork('grain'), sigma);
    const offsets = random.fork('grain offsets');
    const picture = createCanvas(width, height);
    const camera = createCamera(backdrops, picture);
    for (const script of shot.scripts) {
      camera(script.backdrop, script.view);
      paintBoiling(picture, script);
      paintPassers(picture, script);
      for (const each of script.captions) await write(picture, legible(each, isDark(backdrops[0]!)));
      relight(picture, script.gain, script.hueDegrees);
      boxBlur(picture, script.blur);
      // A still picture as a video has no noise of its own: every frame is the same.
      if (kind !== 'still') addGrain(picture, grain, offsets.int(0, grain.length - 1));
      yield picture.rgb;
    }
  }

  return { width, height, framesPerSecond, frames, scripts: shot.scripts, pictures };
}

const LETTERS = { light: [245, 245, 240], dark: [18, 20, 24] } as const satisfies Record<string, Rgb>;

interface Look {
  typeface: Typeface;
  plate: boolean;
  light: boolean;
}

function inventLook(random: Random): Look {
  const typeface = {
    weight: random.range(0.65, 1.15),
    contrast: random.pick([1, 1, 0.55, 0.4]),
    slant: random.pick([0, 0, 0.18]),
    stretch: random.range(0.85, 1.15),
    spacing: random.range(0.9, 1.6),
  };
  return { typeface, plate: random.chance(0.5), light: random.chance(0.6) };
}

/** Signs and titles at one of nine places, turned by a little or not at all; subtitles in the middle below. */
function placeCaption(
  { width, height }: { width: number; height: number },
  random: Random,
  text: string,
  { typeface, plate, light }: Look,
  place: CaptionPlace,
): Caption {
  const size = (height / 720) * random.range(28, 46);
  // So long that it would not fit: roughly 4.6 sixths of its height and the gap for each letter.
  const most = (0.9 * width) / (text.length * ((4.2 * typeface.stretch + typeface.spacing + typeface.weight) / 6));
  const fitting = Math.min(size, most);
  const reach = (text.length * fitting * 0.95) / 2;
  const across = (share: number) => Math.max(reach, Math.min(width - reach, width * share));
  const [colour, behind] = light ? [LETTERS.light, LETTERS.dark] : [LETTERS.dark, LETTERS.light];
  const [x, y] =
    place === 'subtitle'
      ? [width / 2, height * 0.88]
      : [across(random.pick([0.25, 0.5, 0.75])), height * { upper: 0.2, middle: 0.5, lower: 0.78 }[place]];
  const turn = place === 'subtitle' ? 0 : random.pick([-4, 0, 4]);
  return { text, x, y, size: fitting, turn, typeface, colour, ...(plate ? { plate: behind } : {}) };
}

/** Letters without a plate are light on a dark clip and dark on a light one. */
function legible(caption: Caption, ground: boolean): Caption {
  return caption.plate ? caption : { ...caption, colour: ground ? LETTERS.light : LETTERS.dark };
}

/** Whether a backdrop is dark by its mean, of which some thousand pixels say enough. */
function isDark({ rgb }: Canvas): boolean {
  const step = 3 * Math.max(1, Math.floor(rgb.length / 3 / 5000));
  let [sum, count] = [0, 0];
  for (let at = 1; at < rgb.length; at += step, count += 1) sum += rgb[at]!;
  return sum / count < 128;
}

function paintPassers(picture: Canvas, { passers }: FrameScript): void {
  const brush = createBrush(picture, undefined);
  for (const { x, y, radius, colour } of passers) {
    const points = Array.from({ length: 24 }, (_, corner) => {
      const angle = (corner * Math.PI) / 12;
      return [
        picture.width * (x + radius * Math.cos(angle)),
        picture.height * y + picture.width * radius * Math.sin(angle),
      ];
    });
    fillPolygon(brush, points.flat(), { colour: hsv(colour, 0.6, 0.8), to: hsv(colour, 0.7, 0.4) });
  }
}

function paintBoiling(picture: Canvas, { boiling }: FrameScript): void {
  if (!boiling) return;
  const [left, top] = [Math.floor(boiling.x * picture.width), Math.floor(boiling.y * picture.height)];
  const [width, height] = [Math.floor(boiling.width * picture.width), Math.floor(boiling.height * picture.height)];
  const texture = drawBackdrop('foliage', randomFrom(`boiling/${boiling.seed}`), width, height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [to, from] = [((top + row) * picture.width + left + column) * 3, (row * width + column) * 3];
      for (let channel = 0; channel < 3; channel += 1) {
        picture.rgb[to + channel] = (picture.rgb[to + channel]! + texture.rgb[from + channel]!) / 2;
      }
    }
  }
}
