import { MediaError } from '#core/errors';
import type { Candidate, Choice } from './choose-frames.ts';

/** Fewer pictures make no model that can be trusted: each point should be seen in several, from several sides. */
export const MIN_FRAMES = 8;
// Corners of a small picture with nothing on it but noise and light.
const FEW_CORNERS = 12;
// A handshake moves the picture by less than this over any time.
const STANDING_WIDTHS = 0.1;

/**
 * Refuses what no engine can make a model of, before hours are spent on it. @throws MediaError that says what is wrong with
 * the capture and how to take a better one.
 */
export function refuseHopeless(
  name: string,
  candidates: readonly Candidate[],
  choice: Choice,
  { blurThreshold, ordered }: { blurThreshold: number; ordered: boolean },
): void {
  const details = {
    candidates: candidates.length,
    chosen: choice.chosen.length,
    blurred: [...choice.reasons.values()].filter((reason) => reason === 'blurred').length,
    medianCorners: median(candidates.map(({ corners }) => corners)),
    medianSharpness: median(candidates.map(({ sharpness }) => sharpness)),
    wayWidths: Number(choice.wayWidths.toFixed(3)),
  };
  const refuse = (what: string, advice: string) => {
    throw new MediaError(`${name} can't be reconstructed: ${what} ${advice}`, { details: { ...details, advice } });
  };
  if (candidates.length < MIN_FRAMES) {
    refuse(
      `it has ${candidates.length} pictures, and a model needs at least ${MIN_FRAMES}.`,
      'Walk around the object, or send more pictures that overlap by two thirds.',
    );
  }
  // A blurred picture of something keeps its large shapes, which have corners when they are seen small.
  if (details.medianCorners < FEW_CORNERS) {
    refuse(
      'there is almost no texture in its pictures: nothing to hold on to from one to the next.',
      'Put something with a pattern around the object, light it evenly, and avoid glass and mirrors.',
    );
  }
  if (details.blurred > candidates.length - MIN_FRAMES) {
    refuse(
      `${details.blurred} of its ${candidates.length} pictures are blurred (sharpness below ${blurThreshold}).`,
      'Move more slowly, use more light or a shorter exposure, and let the camera focus.',
    );
  }
  if (ordered && choice.wayWidths < STANDING_WIDTHS) {
    refuse(
      'the camera stands still: the picture does not move, so there is no parallax to tell depth by.',
      'Walk around the object with the camera, in one smooth way.',
    );
  }
  if (choice.chosen.length < MIN_FRAMES) {
    refuse(
      `only ${choice.chosen.length} of its pictures are sharp and show the scene from different places; ${MIN_FRAMES} are needed.`,
      'Walk further around the object.',
    );
  }
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[values.length >> 1] ?? 0;
}
