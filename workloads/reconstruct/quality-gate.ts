import { MediaError } from '#core/errors';
import type { Checked, Estimated, Matched } from './contract.ts';
import type { Quality } from './quality.ts';

interface Threshold {
  name: string;
  unit: string;
  value: (quality: Quality) => number;
  /** Worse than the first is a warning, worse than the second a refusal. What grows with quality has them falling. */
  warnAt: number;
  failAt: number;
  /** How to take a better capture, when this is what was wrong. */
  advice: string;
}

/** The gate, one line a measure; docs/decisions/0051 says where the numbers come from. */
export const THRESHOLDS: readonly Threshold[] = [
  {
    name: 'registered frames',
    unit: 'share of the chosen ones',
    value: ({ registered, frames }) => registered / frames,
    warnAt: 0.95,
    failAt: 0.5,
    advice: 'Move in one smooth way with two thirds of overlap from frame to frame, without cuts and jumps.',
  },
  {
    name: 'points',
    unit: 'points a registered frame',
    value: ({ points, registered }) => points / Math.max(1, registered),
    warnAt: 50,
    failAt: 10,
    advice:
      'Show more texture: put something with a pattern around the object, and avoid glass, mirrors and bare walls.',
  },
  {
    name: 'track length',
    unit: 'frames a point',
    value: ({ meanTrackLength }) => meanTrackLength,
    warnAt: 3,
    failAt: 2.2,
    advice: 'Let each place be seen from more frames: move more slowly, or send more pictures.',
  },
  {
    name: 'reprojection error',
    unit: 'px',
    value: ({ meanReprojectionErrorPixels }) => meanReprojectionErrorPixels,
    warnAt: 1.2,
    failAt: 2,
    advice: 'Fix zoom and focus, switch stabilisation off, use more light; nothing in view should move by itself.',
  },
  {
    name: 'coverage',
    unit: 'share of a frame with points',
    value: ({ coverage }) => coverage,
    warnAt: 0.2,
    failAt: 0.05,
    advice: 'Fill the picture with the object and what it stands on, not with sky or wall.',
  },
  {
    name: 'camera path',
    unit: 'distances to the scene',
    value: ({ pathScale }) => pathScale,
    warnAt: 0.2,
    failAt: 0.03,
    advice: 'Walk around the object: turning on the spot shows no depth.',
  },
];

/** Judges a model by the table. @throws MediaError, a refusal, when it fails, or when there is no model. */
export function judgeQuality({ models, quality }: Estimated, { facts }: Matched): Checked {
  if (!quality) throw refusal(reasonForNoModel(facts), { facts, models });
  const checks = THRESHOLDS.map(({ value: measure, ...threshold }) => {
    const value = Number(measure(quality).toFixed(4));
    return { ...threshold, value, verdict: verdictOf(value, threshold) };
  });
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  // Of a camera that only turns, a model may come out, and it is as wrong as it looks.
  if (isWithoutParallax(facts)) throw refusal(noParallax(facts), { facts, models, checks });
  if (failed.length > 0) {
    const what = failed
      .map(({ name, value, unit, failAt }) => `${name} ${value} ${unit} (needed: ${failAt})`)
      .join(', ');
    throw refusal(
      { what: `the model is not good enough: ${what}.`, advice: failed[0]!.advice },
      { facts, models, checks },
    );
  }
  return { verdict: checks.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'pass', checks };
}

function verdictOf(value: number, { warnAt, failAt }: Pick<Threshold, 'warnAt' | 'failAt'>) {
  const worse = (limit: number) => (failAt > warnAt ? value > limit : value < limit);
  if (worse(failAt)) return 'fail' as const;
  return worse(warnAt) ? ('warn' as const) : ('pass' as const);
}

type Facts = Matched['facts'];

const FEW_FEATURES = 150;
const WITHOUT_PARALLAX_SHARE = 0.9;

function reasonForNoModel(facts: Facts): { what: string; advice: string } {
  const { pictures, medianFeatures, verifiedPairs, connectedPictures } = facts;
  if (medianFeatures < FEW_FEATURES) {
    return {
      what: `a frame has only ${medianFeatures} features in the middle of all: there is too little texture.`,
      advice: THRESHOLDS[1]!.advice,
    };
  }
  if (verifiedPairs < pictures - 1 || connectedPictures < pictures / 2) {
    return {
      what: `too few matches: ${verifiedPairs} pairs of ${pictures} frames show the same, and ${connectedPictures} frames have a partner.`,
      advice: THRESHOLDS[0]!.advice,
    };
  }
  if (isWithoutParallax(facts)) return noParallax(facts);
  return {
    what: `no pair of its ${pictures} frames could begin a model, though ${verifiedPairs} pairs match: they are too close together or everything moves.`,
    advice: 'Walk further around the object, and let nothing in view move by itself.',
  };
}

function isWithoutParallax({ pairsWithoutParallax, verifiedPairs }: Facts): boolean {
  return verifiedPairs > 0 && pairsWithoutParallax / verifiedPairs >= WITHOUT_PARALLAX_SHARE;
}

function noParallax({ pairsWithoutParallax, verifiedPairs }: Facts) {
  return {
    what: `no parallax: ${pairsWithoutParallax} of ${verifiedPairs} pairs of frames look as if the camera only turned, or saw nothing but one flat surface.`,
    advice: THRESHOLDS[5]!.advice,
  };
}

function refusal({ what, advice }: { what: string; advice: string }, details: Record<string, unknown>): MediaError {
  return new MediaError(`The capture can't be reconstructed: ${what} ${advice}`, { details: { ...details, advice } });
}
