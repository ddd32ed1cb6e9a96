/** How loud a stretch of sound is; levels in decibels below full scale. */
export interface AudioLevel {
  rmsDb: number;
  peakDb: number;
  /** Share of the samples at full scale. */
  clippedShare: number;
}

/** What is given for digital silence, which has no level. */
export const SILENCE_DB = -120;
// One step below full scale of 16 bits: where a converter stopped.
const FULL_SCALE = 32_766 / 32_768;

/** A meter that samples from -1 to 1 are run past, block by block. */
export function openLevelMeter(): { add(block: Float32Array): void; level(): AudioLevel } {
  let samples = 0;
  let clipped = 0;
  let energy = 0;
  let peak = 0;
  return {
    add: (block) => {
      samples += block.length;
      for (let at = 0; at < block.length; at += 1) {
        const size = Math.abs(block[at]!);
        energy += size * size;
        if (size > peak) peak = size;
        if (size >= FULL_SCALE) clipped += 1;
      }
    },
    level: () => ({
      rmsDb: decibels(samples === 0 ? 0 : Math.sqrt(energy / samples)),
      peakDb: decibels(peak),
      clippedShare: samples === 0 ? 0 : clipped / samples,
    }),
  };
}

function decibels(amplitude: number): number {
  return amplitude <= 0 ? SILENCE_DB : Math.max(SILENCE_DB, 20 * Math.log10(amplitude));
}
