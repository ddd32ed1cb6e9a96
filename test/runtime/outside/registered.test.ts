import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRegistry } from '#jobs/registry';
import { openFolderStore, registeredFolders } from '#runtime/outside/folder-store';
import { loadOutside } from '#runtime/outside/outside-workload';
import { openRegistration } from '#runtime/outside/registration';
import { aWorkloadFolder } from '../../helpers/programs.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import { toyWorkloads } from '../../helpers/toy/platform.ts';

let root: string;
let registration: ReturnType<typeof openRegistration>;
const registry = () => openRegistry(toyWorkloads, registeredFolders(root));
const folderOf = (text: string, name = 'own-model') => aWorkloadFolder('', { name, version: text });
const version = (text: string, name?: string) => loadOutside(folderOf(text, name));

beforeEach(() => {
  root = join(aFolder(), 'workloads');
  registration = openRegistration({ store: openFolderStore(root), taken: Object.keys(toyWorkloads) });
});

it('a workload that is registered while the platform runs is found by it, beside the built-in ones', async () => {
  const running = registry();
  expect((await running.list()).map(({ name }) => name)).toEqual(['toy']);
  await registration.register(await version('0.1.0'));
  expect((await running.list()).map(({ name }) => name)).toEqual(['toy', 'own-model']);
  await expect(running.get('own')).rejects.toThrow('There are: own-model, toy.');
});

it('versions are pinned by name@version, and a job keeps the one that it was accepted for', async () => {
  await registration.register(await version('0.1.0'));
  await registration.register(await version('0.10.0'));
  await registration.register(await version('0.9.0'));
  const { get, ofJob } = registry();
  expect((await get('own-model')).version).toBe('0.9.0');
  expect((await get('own-model@0.1.0')).version).toBe('0.1.0');
  expect((await ofJob!({ workload: 'own-model', workloadVersion: '0.10.0' })).version).toBe('0.10.0');
  expect((await ofJob!({ workload: 'toy', workloadVersion: '0.0.1' })).name).toBe('toy');
  await expect(get('own-model@0.2.0')).rejects.toThrow(
    'There is no version 0.2.0 of own-model. There are: 0.1.0, 0.9.0, 0.10.0.',
  );
  await expect(get('toy@9.9.9')).rejects.toThrow('There is no version 9.9.9 of toy. There are: 1.0.0.');
});

it('a canary gets its share of new jobs, and is taken back or released', async () => {
  await registration.register(await version('0.1.0'));
  await registration.register(await version('0.2.0'), 50);
  const { choose, get } = registry();
  const drawn = await Promise.all(Array.from({ length: 200 }, async () => (await choose!('own-model')).version));
  const share = drawn.filter((one) => one === '0.2.0').length;
  // Of 200 draws at one half, 4.9 standard deviations on either side.
  expect(share).toBeGreaterThan(65);
  expect(share).toBeLessThan(135);
  expect((await get('own-model')).version).toBe('0.1.0');
  await registration.rollback('own-model');
  expect((await choose!('own-model')).version).toBe('0.1.0');
  await registration.release('own-model@0.2.0');
  expect((await get('own-model')).version).toBe('0.2.0');
  await registration.rollback('own-model');
  expect((await get('own-model')).version).toBe('0.1.0');
});

it('what is registered is a copy: later changes of the folder are another version’s', async () => {
  const folder = folderOf('0.1.0');
  await registration.register(await loadOutside(folder));
  writeFileSync(join(folder, 'program.mjs'), 'changed');
  expect(readFileSync(join(root, 'own-model/0.1.0/program.mjs'), 'utf8')).toBe('');
  await expect(registration.register(await loadOutside(folder))).rejects.toThrow(
    'own-model@0.1.0 is registered already',
  );
});

it('a folder that somebody works on is read anew each time', async () => {
  const folder = folderOf('0.1.0');
  const { get } = openRegistry(toyWorkloads, registeredFolders(root, [folder]));
  expect((await get('own-model')).title).toBe('Own');
  const file = join(folder, 'workload.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"Own"', '"Better"'));
  expect((await get('own-model@0.1.0')).title).toBe('Better');
});

describe('a name is refused', () => {
  it.each([
    { name: 'toy', says: 'toy is a workload that ships with Stepreel' },
    { name: 'toy-two', says: 'toy-two and toy can’t be told apart'.replace('’', "'") },
    { name: 'own', says: "own and own-model can't be told apart" },
  ])('$name', async ({ name, says }) => {
    await registration.register(await version('0.1.0'));
    await expect(registration.register(await version('0.1.0', name))).rejects.toThrow(says);
  });
});

it.each(['own-model', 'own-model@7.0.0'])(
  'the release of %s, which is no version, says which there are',
  async (ref) => {
    await registration.register(await version('0.1.0'));
    await expect(registration.release(ref)).rejects.toThrow('there are: 0.1.0');
    await expect(registration.rollback('gone')).rejects.toThrow('There are: own-model.');
  },
);
