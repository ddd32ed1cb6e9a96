import { drawFrame, type Frame } from './draw-frame.ts';
import type { FamilyName } from './families.ts';
import { smear } from './lens.ts';
import { type Actor, type Scene, worksiteScene } from './scene.ts';
import { cosine } from './turns.ts';

/** The example clip: a site camera that looks at three places in turn, filmed four times faster than life. */
export const FILM = { width: 1280, height: 720, framesPerSecond: 25, frames: 300 } as const;

const TIME_LAPSE = 4;
const FRAMES_PER_PLACE = 100;
const CROWD = { people: 6, vehicles: 4, cones: 7, props: 4 };

/** What the camera looks at for a third of the film. */
export interface Place {
  seed: string;
  family: FamilyName;
}

const PLACES: readonly Place[] = [
  { seed: 'station-28', family: 'house-build' },
  { seed: 'station-16', family: 'container-yard' },
  { seed: 'station-24', family: 'tower-site' },
];

/** From and to (not included), within a place: nothing moves, as when everybody is at lunch. */
const PAUSES = [
  [20, 45],
  [70, 90],
] as const;

/** Within a place: the wind shakes the mast. The length and direction of the smear, in pixels. */
const JOLTS: Readonly<Record<number, readonly [dx: number, dy: number]>> = {
  9: [34, 8],
  10: [-48, 12],
  58: [40, -16],
  59: [30, 30],
};

export type FilmFrame = Frame & {
  /** Smeared by a jolt: the boxes are where things were in the middle of it. */
  blurred: boolean;
};

/** Draws the frames of the example clip one after another, or those of such a film of other places. */
export function* exampleFilm(places = PLACES): Generator<FilmFrame> {
  for (const { seed, family } of places) {
    const scene = worksiteScene(seed, { width: FILM.width, height: FILM.height, family, crowd: CROWD });
    const film = { ...scene, actors: scene.actors.map(goingWhereItLooks) };
    for (let index = 0; index < FRAMES_PER_PLACE; index++) yield drawFilmFrame(film, index);
  }
}

/** In a still nobody sees that a thing moves sideways; in a film everybody does. */
function goingWhereItLooks(actor: Actor): Actor {
  const along = Math.abs(cosine(actor.start.facing));
  const wheeled = actor.label === 'vehicle';
  return { ...actor, speed: wheeled && along < 0.9 ? 0 : actor.speed * along };
}

function drawFilmFrame(scene: Scene, index: number): FilmFrame {
  const frame = drawFrame(scene, (movedFrames(index) / FILM.framesPerSecond) * TIME_LAPSE);
  const jolt = JOLTS[index];
  if (!jolt) return { ...frame, blurred: false };
  return { rgb: smear(frame.rgb, FILM.width, FILM.height, ...jolt), truth: frame.truth, blurred: true };
}

/** How many frames of motion lie before a frame: those of the pauses do not count. */
function movedFrames(index: number): number {
  const paused = PAUSES.map(([from, to]) => Math.max(0, Math.min(index, to) - from));
  return index - paused.reduce((sum, frames) => sum + frames, 0);
}
