import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '#core/errors';
import { openImageDetector } from './detection/image-detector.ts';
import { loadModel, type Model } from './models.ts';

/**
 * Checks a model folder as far as that is possible without a picture: model.json, the weights' digest, the card, and that
 * the graph has the inputs and outputs that model.json says.
 * @throws ModelError that says what is wrong.
 */
export async function checkModel(folder: string): Promise<Model> {
  const model = await loadModel(folder);
  await assertHasCard(model);
  const detector = await openImageDetector(model, { device: 'cpu', threads: 1 });
  await detector.close();
  return model;
}

async function assertHasCard({ card, folder }: Model): Promise<void> {
  if (card === undefined) return;
  await access(join(folder, card)).catch((cause: unknown) => {
    throw new ModelError(`Expected the model's card ${card} in ${folder}, found none. Add it, or leave "card" out.`, {
      cause,
    });
  });
}
