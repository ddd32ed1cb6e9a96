/**
 * Sine of an angle in turns (1 = full circle). Engines may round Math.sin differently in the last bit, and a pixel may
 * hang on it; this uses only operations that IEEE 754 rounds exactly. Taylor series to x^11: error below 6e-8.
 */
export function sine(turns: number): number {
  let part = turns - Math.floor(turns + 0.5);
  if (part > 0.25) part = 0.5 - part;
  if (part < -0.25) part = -0.5 - part;
  const x = part * 6.283185307179586;
  const q = x * x;
  return x * (1 - (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - (q / 72) * (1 - q / 110)))));
}

/** Cosine of an angle in turns. */
export function cosine(turns: number): number {
  return sine(turns + 0.25);
}
