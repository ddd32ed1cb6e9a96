/** What the parameters of a letter-asr job are unless given. */
export const DEFAULTS = {
  model: 'letters@1.0.0',
  contextSeconds: 3,
  beamWidth: 16,
  phrasesPerShard: 500,
} as const;

/** The rate that phrases are prepared at; every wav2vec2 model hears this one. */
export const SAMPLE_RATE_HZ = 16_000;

/** Bounds of a phrase in samples at that rate: above, it is no phrase; below, it is too short for a single sound. */
export const PHRASE_SAMPLES = { most: 16_000_000, least: 160 };
