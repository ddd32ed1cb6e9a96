/** The values of a feature in a sample: all numbers, or all texts. */
export type Values = readonly number[] | readonly string[];

/** What was measured of a sample, by feature. */
export type Sample = Record<string, Values>;

export type DriftVerdict = 'stable' | 'moved' | 'drifted';

export interface FeatureDrift {
  feature: string;
  verdict: DriftVerdict;
  /** Population stability index. */
  psi: number;
  /** What the index would reach once in a hundred comparisons if nothing had changed. */
  byChance: number;
  /** How many values each sample has. */
  reference: number;
  recent: number;
  /** Of numbers: the difference of the means, in pooled standard deviations. */
  shift?: number;
}

// Below the first nothing of note has changed, above the second the two are different populations. Source: N. Siddiqi,
// Credit Risk Scorecards, 2006, on the system stability index.
const MOVED = 0.1;
const DRIFTED = 0.25;

const BINS = 10;

/** The fewest values of a feature that say anything of its distribution. */
export const FEWEST = 20;

/**
 * Compares a feature of recent inputs with a reference sample, by the population stability index over the tenths of the
 * reference: sum of (r - q) ln(r / q) over the shares r and q of each bin. Numbers of few different values, and texts, have
 * a bin for each. A change that chance makes once in a hundred times counts as none, so a small sample raises no alarm.
 */
export function featureDrift(feature: string, reference: Values, recent: Values): FeatureDrift {
  const binOf = binsOf(reference);
  const names = [...new Set([...reference, ...recent].map(binOf))];
  const shares = [reference, recent].map((values) => sharesOf(values, binOf, names)) as [number[], number[]];
  const psi = names.reduce((sum, _, at) => sum + index(shares[1][at]!, shares[0][at]!), 0);
  const byChance = (1 / reference.length + 1 / recent.length) * chiSquare99(names.length - 1);
  const shift = shiftOf(reference, recent);
  return {
    feature,
    verdict: psi <= Math.max(MOVED, byChance) ? 'stable' : psi <= DRIFTED ? 'moved' : 'drifted',
    ...{ psi, byChance, reference: reference.length, recent: recent.length },
    ...(shift === undefined ? {} : { shift }),
  };
}

function index(recent: number, reference: number): number {
  return (recent - reference) * Math.log(recent / reference);
}

/** Which bin a value belongs to: between two tenths of the reference, or the value itself. */
function binsOf(reference: Values): (value: number | string) => string {
  const isNumbers = typeof reference[0] === 'number';
  if (!isNumbers || new Set<number | string>(reference).size <= BINS) return String;
  const sorted = [...(reference as readonly number[])].sort((a, b) => a - b);
  const edges = Array.from({ length: BINS - 1 }, (_, at) => sorted[Math.ceil(((at + 1) * sorted.length) / BINS) - 1]!);
  const distinct = [...new Set(edges)];
  return (value) => `${distinct.filter((edge) => (value as number) > edge).length}`;
}

/** With half a value added to each bin, so that an empty one has a share too (Jeffreys' prior). */
function sharesOf(values: Values, binOf: (value: number | string) => string, names: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(binOf(value), (counts.get(binOf(value)) ?? 0) + 1);
  return names.map((name) => ((counts.get(name) ?? 0) + 0.5) / (values.length + 0.5 * names.length));
}

/**
 * The 99th percentile of chi-square. The index of two samples of n and m from one population is about (1/n + 1/m) times it:
 * B. Yurdakul, Statistical Properties of Population Stability Index, 2018. The percentile is Wilson and Hilferty's, 1931.
 */
function chiSquare99(degrees: number): number {
  if (degrees < 1) return 0;
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 2.3263 * Math.sqrt(spread)) ** 3;
}

function shiftOf(reference: Values, recent: Values): number | undefined {
  if (typeof reference[0] !== 'number' || typeof recent[0] !== 'number') return undefined;
  const [before, after] = [momentsOf(reference as readonly number[]), momentsOf(recent as readonly number[])];
  const pooled = Math.sqrt((before.variance + after.variance) / 2);
  const difference = Math.abs(after.mean - before.mean);
  return pooled === 0 ? (difference === 0 ? 0 : Number.POSITIVE_INFINITY) : difference / pooled;
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}
