const STRETCHES = 160;

/** The loudest sample of each of equal stretches, 0 to 100: enough to draw a waveform. */
export function outlineOf(samples: Float32Array): number[] {
  const stretches = Math.min(STRETCHES, samples.length);
  return Array.from({ length: stretches }, (_, stretch) => {
    const from = Math.floor((stretch * samples.length) / stretches);
    const to = Math.floor(((stretch + 1) * samples.length) / stretches);
    let peak = 0;
    for (let at = from; at < to; at += 1) {
      const height = Math.abs(samples[at]!);
      if (height > peak) peak = height;
    }
    return Math.round(Math.min(1, peak) * 100);
  });
}
