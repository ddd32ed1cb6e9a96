import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '#core/errors';
import { openImageDetector } from './detection/image-detector.ts';
import { type AnyModel, loadAnyModel } from './models.ts';
import { openTableClassifier } from './table-classifier.ts';

/**
 * Checks a model folder as far as that is possible without a picture: model.json, the weights' digest, the card, and that
 * the graph has the inputs and outputs that model.json says.
 * @throws ModelError that says what is wrong.
 */
export async function checkModel(folder: string): Promise<AnyModel> {
  const model = await loadAnyModel(folder);
  await assertHasCard(model);
  const opened =
    model.task === 'object-detection'
      ? await openImageDetector(model, { device: 'cpu', threads: 1 })
      : await openTableClassifier(model);
  await opened.close();
  return model;
}

async function assertHasCard({ card, folder }: AnyModel): Promise<void> {
  if (card === undefined) return;
  await access(join(folder, card)).catch((cause: unknown) => {
    throw new ModelError(`Expected the model's card ${card} in ${folder}, found none. Add it, or leave "card" out.`, {
      cause,
    });
  });
}
