import { expect, it, onTestFinished } from 'vitest';
import { type AcousticModel, openAcousticModel } from '#inference/speech/acoustic-model';
import { createEngineCache } from '#inference/speech/engine-cache';
import { sharedModel } from '#inference/speech/shared-model';
import { testFolder } from '../../helpers/folder.ts';
import { spoken, tinyLetters } from '../../helpers/tiny-letters.ts';

const LOCALLY = { device: 'cpu', threads: 1 } as const;
const SAID = spoken(['b', 'iː', '<pad>', 'd']);

function aCache(max: number) {
  const engines = createEngineCache<AcousticModel>({ max });
  onTestFinished(() => engines.close());
  return engines;
}

it('a shared model hears what one of its own hears, and is described alike', async () => {
  const model = await tinyLetters(await testFolder());
  const own = await openAcousticModel(model, LOCALLY);
  onTestFinished(() => own.close());
  const shared = sharedModel(model, LOCALLY, aCache(2));
  expect(await shared.hear([SAID])).toEqual(await own.hear([SAID]));
  const { hear, close, ...described } = own;
  expect(shared).toMatchObject(described);
});

it('jobs side by side and one after another share an engine, and closing lets the others have it', async () => {
  const model = await tinyLetters(await testFolder());
  const engines = aCache(2);
  const jobs = Array.from({ length: 4 }, () => sharedModel(model, LOCALLY, engines));
  await Promise.all(jobs.map((job) => job.hear([SAID])));
  await jobs[0]!.close();
  await jobs[1]!.hear([SAID]);
  expect(engines.keys()).toHaveLength(1);
});

it('other settings, and another description of the same weights, are other engines', async () => {
  const model = await tinyLetters(await testFolder());
  const engines = aCache(4);
  const louder = { ...model, input: { ...model.input, normalise: 'utterance' as const } };
  for (const one of [
    sharedModel(model, LOCALLY, engines),
    sharedModel(louder, LOCALLY, engines),
    sharedModel(model, { ...LOCALLY, threads: 2 }, engines),
  ]) {
    await one.hear([SAID]);
  }
  expect(engines.keys()).toHaveLength(3);
});
