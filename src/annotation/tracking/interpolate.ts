import { type Box, hundredths } from '../boxes.ts';

/** A box on the way from one to another; `share` is 0 at the first and 1 at the second. */
export function boxBetween(a: Box, b: Box, share: number): Box {
  return a.map((value, at) => hundredths(value + (b[at]! - value) * share)) as unknown as Box;
}
