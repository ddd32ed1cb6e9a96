import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeExport } from '#inference/speech/hugging-face-export';
import { testFolder } from '../../helpers/folder.ts';
import { TINY_TOKENS, type TinyLetters, tinyLetters } from '../../helpers/tiny-letters.ts';

const NAMED = { name: 'wav2vec2', version: '1.0.0', license: 'Apache-2.0' };

/** The files of an export, as the hub's models have them. */
const FILES = {
  'vocab.json': Object.fromEntries(TINY_TOKENS.slice(0, -1).map((token, at) => [token, at])),
  'added_tokens.json': { [TINY_TOKENS.at(-1)!]: TINY_TOKENS.length - 1 },
  'config.json': { conv_kernel: [10, 3, 3, 3, 3, 2, 2], conv_stride: [5, 2, 2, 2, 2, 2, 2], model_type: 'wav2vec2' },
  'preprocessor_config.json': { sampling_rate: 16_000, do_normalize: true, feature_size: 1 },
  'tokenizer_config.json': { pad_token: '<pad>', word_delimiter_token: { content: '|', lstrip: false } },
};

async function anExport(changes: Partial<Record<keyof typeof FILES, unknown>> = {}, letters: TinyLetters = {}) {
  const folder = dirname((await tinyLetters(await testFolder(), letters)).weightsPath);
  for (const [file, content] of Object.entries({ ...FILES, ...changes })) {
    if (content !== undefined) await writeFile(join(folder, file), JSON.stringify(content));
  }
  return folder;
}

describe('a model that was exported from the hub', () => {
  it.each([true, false])('is described by the files of its export, with a mask: %s', async (mask) => {
    const description = await describeExport(await anExport({}, { mask }), NAMED, 'model.onnx');
    expect(description).toMatchObject({
      ...NAMED,
      task: 'automatic-speech-recognition',
      classes: TINY_TOKENS,
      input: { name: 'samples', sampleRateHz: 16_000, normalise: 'utterance', minSamples: 400 },
      output: { blank: '<pad>', separator: '|', frameSamples: 320, firstFrameSamples: 400 },
    });
    expect(description.input.mask).toBe(mask ? 'attention_mask' : undefined);
  });

  it('is heard with samples as they are when its preprocessor does not normalise', async () => {
    const folder = await anExport({ 'preprocessor_config.json': { sampling_rate: 16_000, do_normalize: false } });
    expect((await describeExport(folder, NAMED, 'model.onnx')).input.normalise).toBe('none');
  });

  it.each<{ name: string; changes: Parameters<typeof anExport>[0]; says: RegExp }>([
    { name: 'no vocabulary', changes: { 'vocab.json': undefined }, says: /Expected .*vocab.json, found no file/ },
    { name: 'a vocabulary that is a list', changes: { 'vocab.json': ['a'] }, says: /vocab.json is not as its kind is/ },
    { name: 'a hole in the vocabulary', changes: { 'vocab.json': { a: 0, b: 2 } }, says: /found none or two for 1/ },
    { name: 'a token twice', changes: { 'vocab.json': { a: 0, b: 0 } }, says: /found none or two for 1/ },
    { name: 'no convolutions', changes: { 'config.json': {} }, says: /conv_kernel/ },
  ])('is refused with $name', async ({ changes, says }) => {
    await expect(describeExport(await anExport(changes), NAMED, 'model.onnx')).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringMatching(says),
    });
  });

  it('is refused without its weights', async () => {
    await expect(describeExport(await anExport(), NAMED, 'none.onnx')).rejects.toThrow(/Export them to ONNX/);
  });
});
