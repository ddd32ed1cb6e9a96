/** Frames in which one token was read, and what was read before it. It never changes: readings share their beginnings. */
export interface Run {
  token: number;
  startFrame: number;
  /** The frame after the last one. */
  endFrame: number;
  probabilitySum: number;
  before: Run | undefined;
}

/** Ways through the frames that end alike: the logarithm of their probability together, and of the likeliest one. */
export interface Way {
  sum: number;
  best: number;
  /** The last token on the likeliest way. */
  run: Run | undefined;
}

/** The ways to one reading, by whether their last frame is a blank or the reading's last token. */
export interface Ways {
  blank: Way;
  token: Way;
  /** Of all of them together. */
  total: number;
}

export function noWays(): Ways {
  return { blank: noWay(), token: noWay(), total: Number.NEGATIVE_INFINITY };
}

function noWay(): Way {
  return { sum: Number.NEGATIVE_INFINITY, best: Number.NEGATIVE_INFINITY, run: undefined };
}

/** Forgets all ways, so that their place can be used for the next frame. */
export function clear({ blank, token }: Ways): void {
  for (const way of [blank, token]) {
    way.sum = Number.NEGATIVE_INFINITY;
    way.best = Number.NEGATIVE_INFINITY;
    way.run = undefined;
  }
}

/** Nothing but a blank comes: what follows is another token, even an equal one. */
export function pause(ways: Ways): void {
  const { best, run } = likeliest(ways);
  ways.blank.sum = ways.total;
  ways.blank.best = best;
  ways.blank.run = run;
  ways.token.sum = Number.NEGATIVE_INFINITY;
  ways.token.best = Number.NEGATIVE_INFINITY;
  ways.token.run = undefined;
}

export function addUp(ways: Ways): void {
  ways.total = logSum(ways.blank.sum, ways.token.sum);
}

/** The likeliest of all ways. */
export function likeliest({ blank, token }: Ways): Way {
  return token.best > blank.best ? token : blank;
}

/** Adds ways to those that end alike. @returns whether they have the likeliest one, so that its run has to be set. */
export function join(way: Way, sum: number, best: number): boolean {
  way.sum = logSum(way.sum, sum);
  if (best <= way.best) return false;
  way.best = best;
  return true;
}

// e^-37 is less than the last digit of 1.
const NOTHING_BESIDE = 37;

/** log(e^a + e^b) */
function logSum(a: number, b: number): number {
  const more = a > b ? a : b;
  const apart = a > b ? a - b : b - a;
  // Also when one or both are minus infinity, as what is no number fails the comparison.
  return apart < NOTHING_BESIDE ? more + Math.log1p(Math.exp(-apart)) : more;
}
