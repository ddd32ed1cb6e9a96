import { expect, it, onTestFinished, vi } from 'vitest';
import { openSession } from '#inference/session';
import { openModel } from '#workloads/letter-asr/scoring/open-model';
import { testFolder } from '../../../helpers/folder.ts';
import { kserveServer } from '../../../helpers/kserve-server.ts';
import { spoken, type TinyLetters, tinyLetters } from '../../../helpers/tiny-letters.ts';

const SAID = spoken(['b', 'iː']);

async function aModel(letters: TinyLetters = {}) {
  const { folder, weightsPath, name, version, weights } = await tinyLetters(await testFolder(), letters);
  return { files: { folder, name, version, sha256: weights.sha256 }, weightsPath };
}

function listed(endpoints: object) {
  vi.stubEnv('STEPREEL_SPEECH_ENDPOINTS', JSON.stringify(endpoints));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

it('a job hears with the model on this machine unless it names an endpoint', async () => {
  const { files } = await aModel();
  const model = await openModel({ files, endpoint: undefined, device: 'cpu', logger: console });
  const [logits] = await model.hear([SAID]);
  await model.close();
  expect(logits!.engine).toBe('local');
});

it('an endpoint answers under its name, and the local model while it does not', async () => {
  const { files, weightsPath } = await aModel();
  const server = await kserveServer('letters', await openSession(weightsPath, { device: 'cpu', threads: 1 }));
  onTestFinished(() => server.close());
  listed({ triton: { url: server.url, retries: 0 } });
  const warnings: unknown[] = [];
  const logger = { warn: (message: string, fields?: object) => warnings.push({ message, ...fields }) };
  const model = await openModel({ files, endpoint: 'triton', device: 'cpu', logger });
  const [there] = await model.hear([SAID]);
  expect(there!.engine).toBe('triton');
  server.instead = () => ({ status: 503 });
  const [here] = await model.hear([SAID]);
  await model.close();
  expect(here).toEqual({ ...there, engine: 'local' });
  expect(warnings).toMatchObject([{ endpoint: 'triton' }]);
});

it('an endpoint that nobody listed is refused by its name', async () => {
  const { files } = await aModel();
  listed({});
  const refused = await openModel({ files, endpoint: 'elsewhere', device: 'cpu', logger: console }).catch(
    (error) => error,
  );
  expect(refused).toMatchObject({ name: 'InputError', message: expect.stringContaining('"elsewhere"') });
});

it('a model that hears at another rate is refused', async () => {
  const { files } = await aModel({ description: { input: { sampleRateHz: 8000 } } });
  const refused = await openModel({ files, endpoint: undefined, device: 'cpu', logger: console }).catch(
    (error) => error,
  );
  expect(refused).toMatchObject({ name: 'ModelError', message: expect.stringContaining('hears 8000 Hz') });
});
