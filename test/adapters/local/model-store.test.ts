import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVersions, modelFolders } from '#adapters/local/model-folders';
import { openModelStore } from '#adapters/local/model-store';
import { sha256Hex } from '#core/names';
import { testFolder } from '../../helpers/folder.ts';
import { type Changes, INPUT_VALUE, writeModel } from '../../helpers/onnx-folder.ts';
import { brightnessModel } from '../../helpers/onnx-model.ts';

const SOUND = brightnessModel(INPUT_VALUE, [0, 0, 9, 9]);

/** A store over an empty shipped and an empty user folder, and a way to put models into them. */
async function openEmptyStore() {
  const root = await testFolder();
  const folders = { shipped: join(root, 'shipped'), added: join(root, 'added') };
  const put = (where: 'shipped' | 'added', name: string, version: string, changes: Changes = {}) =>
    writeModel(join(folders[where], name, version), SOUND, { name, version, ...changes });
  return { store: openModelStore(folders), folders, put, root };
}

describe('digest', () => {
  it('is that of the description, which pins the weights: another card or size is another model', async () => {
    const { store, folders, put } = await openEmptyStore();
    await put('added', 'cones', '1.0.0');
    const text = await readFile(join(folders.added, 'cones', '1.0.0', 'model.json'));
    expect(await store.digest('cones@1.0.0')).toBe(sha256Hex(text));
    expect(await store.digest('cones')).toBe(sha256Hex(text));
    expect(await store.digest(join(folders.added, 'cones', '1.0.0'))).toBe(sha256Hex(text));
    await put('added', 'cones', '1.1.0', { classes: ['cone'] });
    expect(await store.digest('cones')).not.toBe(sha256Hex(text));
  });

  it.each(['none@1.0.0', './none'])('says ModelError for %s, which is not there', async (ref) => {
    const { store } = await openEmptyStore();
    await expect(store.digest(ref)).rejects.toMatchObject({ name: 'ModelError' });
  });
});

describe('fetch', () => {
  it.each([
    { ref: 'cones@1.2.0', version: '1.2.0', where: 'shipped' as const },
    { ref: 'cones@1.10.0', version: '1.10.0', where: 'added' as const },
    { ref: 'cones', version: '1.10.0', where: 'added' as const },
  ])('finds $ref as $version among the $where models', async ({ ref, version, where }) => {
    const { store, folders, put } = await openEmptyStore();
    const { weights } = await put('shipped', 'cones', '1.2.0');
    await put('added', 'cones', '1.9.0');
    await put('added', 'cones', '1.10.0');
    await put('shipped', 'people', '3.0.0');
    expect(await store.fetch(ref)).toEqual({
      name: 'cones',
      version,
      folder: join(folders[where], 'cones', version),
      sha256: weights.sha256,
    });
  });

  it('takes the path of a folder', async () => {
    const { store, root } = await openEmptyStore();
    await writeModel(join(root, 'mine'), SOUND);
    expect(await store.fetch(join(root, 'mine'))).toMatchObject({ name: 'tiny', version: '1.0.0' });
  });

  it('prefers the shipped model to an added one of the same name and version', async () => {
    const { store, folders, put } = await openEmptyStore();
    await put('added', 'cones', '1.0.0');
    await put('shipped', 'cones', '1.0.0');
    expect((await store.fetch('cones@1.0.0')).folder).toBe(join(folders.shipped, 'cones', '1.0.0'));
    expect(await store.list()).toMatchObject([{ name: 'cones', version: '1.0.0', origin: 'shipped' }]);
  });

  it.each([
    { ref: 'cones@2.0.0', message: 'There is no model cones@2.0.0. Choose from: cones@1.0.0' },
    { ref: 'dogs', message: 'There is no model dogs. Choose from: cones@1.0.0' },
    { ref: './nowhere', message: 'Expected a model.json in ./nowhere' },
  ])('says what there is when $ref is not', async ({ ref, message }) => {
    const { store, put } = await openEmptyStore();
    await put('shipped', 'cones', '1.0.0');
    await expect(store.fetch(ref)).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining(message),
    });
  });

  it('says so when there is no model at all', async () => {
    const { store } = await openEmptyStore();
    await expect(store.fetch('cones')).rejects.toThrow('Choose from: none yet');
  });

  it('refuses weights with another digest', async () => {
    const { store, folders, put } = await openEmptyStore();
    const { weights } = await put('shipped', 'cones', '1.0.0');
    await appendFile(join(folders.shipped, 'cones', '1.0.0', 'model.onnx'), 'x');
    await expect(store.fetch('cones')).rejects.toMatchObject({
      name: 'ModelError',
      details: { expected: weights.sha256, found: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('refuses a folder that holds another model than its name says', async () => {
    const { store, put } = await openEmptyStore();
    await put('shipped', 'cones', '1.0.0', { version: '1.0.1' });
    await expect(store.fetch('cones@1.0.0')).rejects.toThrow('found a model.json of cones@1.0.1');
  });
});

describe('list', () => {
  it('is by name and version, and leaves out what is no model folder', async () => {
    const { store, folders, put } = await openEmptyStore();
    await put('shipped', 'people', '1.0.0');
    await put('added', 'cones', '1.10.0', { license: 'MIT', classes: ['cone'] });
    await put('added', 'cones', '1.9.0');
    await mkdir(join(folders.added, 'cones', 'train'));
    await writeFile(join(folders.added, 'README.md'), '');
    const listed = await store.list();
    expect(listed.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'cones@1.9.0',
      'cones@1.10.0',
      'people@1.0.0',
    ]);
    expect(listed[1]).toMatchObject({ origin: 'added', task: 'object-detection', license: 'MIT', classes: ['cone'] });
  });
});

describe('add', () => {
  it('copies a model with its card, so that it can be fetched', async () => {
    const { store, folders, root } = await openEmptyStore();
    const source = join(root, 'mine');
    await writeModel(source, SOUND, { card: 'CARD.md' });
    await writeFile(join(source, 'CARD.md'), '# Tiny');
    await writeFile(join(source, 'notes.txt'), 'not part of it');
    const target = join(folders.added, 'tiny', '1.0.0');
    expect(await store.add(source)).toMatchObject({ name: 'tiny', version: '1.0.0', folder: target });
    expect((await readdir(target)).sort()).toEqual(['CARD.md', 'model.json', 'model.onnx']);
    expect(await store.fetch('tiny')).toMatchObject({ folder: target });
  });

  it('refuses a name and version that are taken', async () => {
    const { store, put, root } = await openEmptyStore();
    await put('shipped', 'tiny', '1.0.0');
    await writeModel(join(root, 'mine'), SOUND);
    await expect(store.add(join(root, 'mine'))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('tiny@1.0.0 is there already'),
    });
  });

  it.each<{ name: string; onnx: Buffer; changes: Changes }>([
    { name: 'has another digest', onnx: SOUND, changes: { weights: { sha256: 'a'.repeat(64) } } },
    { name: 'has another shape', onnx: SOUND, changes: { input: { width: 640 } } },
    { name: 'is no ONNX file', onnx: Buffer.from('x'), changes: {} },
    { name: 'lacks its card', onnx: SOUND, changes: { card: 'CARD.md' } },
  ])('leaves nothing behind of a model that $name', async ({ onnx, changes }) => {
    const { store, folders, root } = await openEmptyStore();
    await writeModel(join(root, 'mine'), onnx, changes);
    await expect(store.add(join(root, 'mine'))).rejects.toMatchObject({ name: 'ModelError' });
    expect(existsSync(folders.added)).toBe(false);
  });
});

describe('verify', () => {
  it('says of each model what is wrong with it', async () => {
    const { store, folders, put } = await openEmptyStore();
    await put('shipped', 'a', '1.0.0');
    await put('added', 'b', '1.0.0', { input: { height: 640 } });
    await put('added', 'c', '1.0.0');
    await rename(join(folders.added, 'c'), join(folders.added, 'd'));
    const checked = await store.verify();
    expect(checked).toMatchObject([{ name: 'a' }, { name: 'b' }, { name: 'd' }]);
    expect(checked.map(({ problem }) => problem)).toEqual([
      undefined,
      expect.stringContaining('found [1, 3, 48, 64]'),
      expect.stringContaining('Expected d@1.0.0'),
    ]);
  });

  it('checks the one that is asked for', async () => {
    const { store, put, root } = await openEmptyStore();
    await put('shipped', 'a', '1.0.0');
    await put('shipped', 'b', '1.0.0');
    expect(await store.verify('b')).toMatchObject([{ name: 'b', version: '1.0.0' }]);
    await writeModel(join(root, 'mine'), SOUND);
    expect(await store.verify(join(root, 'mine'))).toMatchObject([{ name: 'tiny', version: '1.0.0' }]);
  });
});

describe('modelFolders', () => {
  it("has the package's own models, and the user's in the home folder unless a variable says otherwise", () => {
    expect(modelFolders({})).toEqual({ shipped: resolve('models'), added: join(homedir(), '.stepreel', 'models') });
    expect(modelFolders({ STEPREEL_MODELS: '/data/models' }).added).toBe('/data/models');
  });
});

describe('compareVersions', () => {
  it.each([
    { a: '1.9.0', b: '1.10.0', order: -1 },
    { a: '2.0.0', b: '1.99.99', order: 1 },
    { a: '1.2.3', b: '1.2.3', order: 0 },
  ])('orders $a and $b', ({ a, b, order }) => expect(Math.sign(compareVersions(a, b))).toBe(order));
});
