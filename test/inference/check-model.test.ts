import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkModel } from '#inference/check-model';
import { loadAcousticModel, loadModel } from '#inference/models';
import { testFolder } from '../helpers/folder.ts';
import { TINY_TOKENS, type TinyLetters, tinyLetters } from '../helpers/tiny-letters.ts';

const folderOf = async (letters: TinyLetters = {}) =>
  dirname((await tinyLetters(await testFolder(), letters)).weightsPath);

describe('a model of speech', () => {
  it('is checked like any other, before it is added', async () => {
    await expect(checkModel(await folderOf())).resolves.toMatchObject({ task: 'automatic-speech-recognition' });
  });

  it('is refused when its vocabulary does not fit the logits', async () => {
    const folder = await folderOf({ logits: TINY_TOKENS.length + 1 });
    await expect(checkModel(folder)).rejects.toMatchObject({ name: 'ModelError' });
  });

  it('is no detector', async () => {
    const folder = await folderOf();
    await expect(loadModel(folder)).rejects.toThrow(/is for automatic-speech-recognition/);
    await expect(loadAcousticModel(folder)).resolves.toMatchObject({ name: 'tiny-letters' });
  });
});
