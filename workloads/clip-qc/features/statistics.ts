/** Mean of the values, 0 of none. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The greatest of the values, 0 of none. */
export function maxOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((most, value) => Math.max(most, value));
}

/** Population variance: the mean square of the distances from the mean. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

/** Population standard deviation. */
export function stdOf(values: readonly number[]): number {
  return Math.sqrt(varianceOf(values));
}
