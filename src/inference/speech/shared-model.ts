import type { VerifiedAcousticModel } from '../models.ts';
import type { SessionOptions } from '../session.ts';
import { type AcousticModel, type AcousticModelOptions, openAcousticModel } from './acoustic-model.ts';
import { type EngineCache, engineKey } from './engine-cache.ts';

/**
 * A model that is opened when it is asked for the first time and stays open among `engines` for whoever asks next, in this
 * job or another one, for as long as there is room. To close it is to let go of it.
 */
export function sharedModel(
  model: VerifiedAcousticModel,
  options: SessionOptions & AcousticModelOptions,
  engines: EngineCache<AcousticModel>,
): AcousticModel {
  const { input, output, classes } = model;
  // All that it says, because two descriptions may share their weights.
  const key = engineKey({ ...options, model: JSON.stringify(model) });
  return {
    tokens: classes,
    blank: output.blank,
    separator: output.separator,
    sampleRateHz: input.sampleRateHz,
    frameSeconds: output.frameSamples / input.sampleRateHz,
    hear: (utterances, signal) =>
      engines.use(
        key,
        () => openAcousticModel(model, options),
        (engine) => engine.hear(utterances, signal),
      ),
    close: async () => undefined,
  };
}
