import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArtifactStore } from '#adapters/local/artifact-store';
import { openInputDigests } from '#adapters/local/input-files';
import { sha256Hex } from '#core/names';
import { artifactStoreSuite } from '../../conformance/artifact-store.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const newFolder = () => aFolder();

artifactStoreSuite('a folder', async () => {
  const folder = await newFolder();
  return {
    store: await openArtifactStore(join(folder, 'artifacts')),
    async inputOf(name, bytes) {
      const uri = join(folder, name);
      await writeFile(uri, bytes);
      return { name, uri };
    },
  };
});

it.each(['../secret', 'jobs/../../secret', '/etc/passwd', 'jobs//x', 'jobs/./x', 'jobs\\..\\x', '', 'jobs/x\0'])(
  'refuses the key %j, which might leave the folder',
  async (key) => {
    const store = await openArtifactStore(await newFolder());
    await expect(store.putBytes(key, 'x')).rejects.toMatchObject({ name: 'ContractError' });
    await expect(store.read(key)).rejects.toThrow();
  },
);

it('moves a file that it takes over, so that no byte is copied', async () => {
  const folder = await newFolder();
  const store = await openArtifactStore(folder);
  const path = join(folder, 'frame.jpg');
  await writeFile(path, 'x');
  await store.putFile('jobs/a/frame.jpg', path);
  await expect(access(path)).rejects.toThrow();
});

it('refuses to write when the disk has no room, and leaves nothing', async () => {
  const folder = await newFolder();
  const store = await openArtifactStore(folder, { freeBytes: async () => 1000 });
  await expect(store.putBytes('jobs/a/file', 'x'.repeat(2_000_000))).rejects.toMatchObject({
    name: 'ResourceError',
    details: { needed: 2_000_000, free: 1000 },
  });
  expect(await readdir(folder)).toEqual(['.incoming']);
});

it('writes a verdict into the reserve, so that a full disk can be told', async () => {
  const store = await openArtifactStore(await newFolder(), { freeBytes: async () => 1000 });
  await store.putBytes('jobs/a/verdict.json', '{"status":"rejected"}');
  expect(await store.exists('jobs/a/verdict.json')).toBe(true);
});

it('leaves nothing half-made when a put fails', async () => {
  const folder = await newFolder();
  const store = await openArtifactStore(folder);
  await store.putBytes('jobs/a', 'a file where a folder would have to be');
  await expect(store.putBytes('jobs/a/b', 'x')).rejects.toThrow();
  expect(await readdir(join(folder, '.incoming'))).toEqual([]);
});

it('reads an input by its file URL, and refuses one that lies elsewhere', async () => {
  const folder = await newFolder();
  const store = await openArtifactStore(join(folder, 'artifacts'));
  await writeFile(join(folder, 'a b.mp4'), 'x');
  const url = new URL(`file://${folder}/a%20b.mp4`).href;
  expect(await store.localInput({ name: 'a b.mp4', uri: url }, folder)).toBe(join(folder, 'a b.mp4'));
  await expect(store.openInput({ name: 'a.mp4', uri: 's3://bucket/a.mp4' })).rejects.toMatchObject({
    name: 'InputError',
  });
  await expect(store.openInput({ name: 'folder', uri: folder })).rejects.toThrow(/it is a folder/);
});

describe('the digest of an input', () => {
  it('is that of its bytes, wherever it lies and whenever it was written', async () => {
    const folder = await newFolder();
    const store = await openArtifactStore(join(folder, 'artifacts'));
    const [first, copy] = [join(folder, 'a.mp4'), join(folder, 'b.mp4')];
    for (const path of [first, copy]) await writeFile(path, 'clip');
    expect(await store.inputDigest({ name: 'a', uri: first })).toBe(`sha256:${sha256Hex('clip')}`);
    expect(await store.inputDigest({ name: 'a', uri: copy })).toBe(`sha256:${sha256Hex('clip')}`);
  });

  it('is not remembered of a file so new that the clock might not show the next change', async () => {
    const folder = await newFolder();
    const store = await openArtifactStore(join(folder, 'artifacts'));
    const input = { name: 'a', uri: join(folder, 'a.mp4') };
    for (const text of ['one', 'two', 'six']) {
      await writeFile(input.uri, text);
      expect(await store.inputDigest(input)).toBe(`sha256:${sha256Hex(text)}`);
    }
  });

  it('is remembered of a file that has settled, until it changes', async () => {
    const input = { name: 'a', uri: join(await newFolder(), 'a.mp4') };
    const digest = openInputDigests(0);
    for (const text of ['one', 'and two']) {
      await writeFile(input.uri, text);
      for (let asked = 0; asked < 2; asked += 1) expect(await digest(input)).toBe(`sha256:${sha256Hex(text)}`);
    }
  });
});
