import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '#core/errors';
import { openImageDetector } from './detection/image-detector.ts';
import { type AnyModel, loadAnyModel } from './models.ts';
import { openAcousticModel } from './speech/acoustic-model.ts';
import { openTableClassifier } from './table-classifier.ts';

/**
 * Checks a model folder as far as that is possible without a picture: model.json, the weights' digest, the card, and that
 * the graph has the inputs and outputs that model.json says.
 * @throws ModelError that says what is wrong.
 */
export async function checkModel(folder: string): Promise<AnyModel> {
  const model = await loadAnyModel(folder);
  await assertHasCard(model);
  const opened = await open(model);
  await opened.close();
  return model;
}

async function open(model: AnyModel): Promise<{ close(): Promise<void> }> {
  const onOneThread = { device: 'cpu', threads: 1 } as const;
  switch (model.task) {
    case 'object-detection':
      return openImageDetector(model, onOneThread);
    case 'table-classification':
      return openTableClassifier(model);
    case 'automatic-speech-recognition':
      return openAcousticModel(model, onOneThread);
    case 'custom':
      // Only its own program can open it.
      return { close: async () => {} };
  }
}

async function assertHasCard({ card, folder }: AnyModel): Promise<void> {
  if (card === undefined) return;
  await access(join(folder, card)).catch((cause: unknown) => {
    throw new ModelError(`Expected the model's card ${card} in ${folder}, found none. Add it, or leave "card" out.`, {
      cause,
    });
  });
}
