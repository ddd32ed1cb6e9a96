import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sealManifest } from '#core/manifest';
import { sha256Hex } from '#core/names';
import type { ApiClient } from '../../cli/api-client.ts';
import { downloadResult } from '../../cli/download-result.ts';
import { testFolder } from '../helpers/folder.ts';

const TEXT = 'some words';
const entry = { sha256: sha256Hex(TEXT), bytes: TEXT.length, mediaType: 'text/plain' };
const head = {
  manifest: 1 as const,
  workload: 'toy',
  workloadVersion: '1.0.0',
  outcome: 'complete' as const,
  missing: [],
  degraded: [],
  input: [],
  params: {},
  models: [],
};
const manifest = sealManifest({ ...head, files: { 'a.txt': entry, 'in/b.txt': entry } });
const { files: _files, ...manifestHead } = JSON.parse(manifest);

interface Faults {
  /** Path of a file as the API lists it. */
  path?: string;
  texts?: Record<string, string>;
  href?: undefined;
}

/** An API with one result of two files on two pages. */
function anApi({ path = 'in/b.txt', texts = {}, ...more }: Faults = {}): Pick<ApiClient, 'ask' | 'fetchFile'> {
  const contents: Record<string, string> = { a: TEXT, b: TEXT, manifest, marker: '', ...texts };
  const documents = [
    { path: 'manifest.json', href: 'manifest' },
    { path: '_SUCCESS', href: 'marker' },
  ];
  const pages: Record<string, unknown> = {
    first: { manifest: manifestHead, files: [{ path: 'a.txt', ...entry, href: 'a' }], documents, next: 'more' },
    more: { manifest: manifestHead, files: [{ path, ...entry, href: 'b', ...more }], documents },
  };
  return {
    async ask(_method, _path, schema, { query = {} } = {}) {
      return schema.parse(pages[query.cursor ?? 'first']);
    },
    async fetchFile(href) {
      return new Response(contents[href]);
    },
  };
}

describe('a result that is downloaded', () => {
  let parent: string;
  let folder: string;
  beforeEach(async () => {
    parent = await testFolder();
    folder = join(parent, 'out');
  });

  it('lies in its folder whole, whatever number of pages it comes in', async () => {
    expect(await downloadResult(anApi(), 'toy-1', folder)).toEqual({ files: 2 });
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      '_SUCCESS',
      'a.txt',
      'in',
      'in/b.txt',
      'manifest.json',
    ]);
  });

  it.each([
    { name: 'comes as other bytes', faults: { texts: { b: 'some world' } }, says: /in\/b.txt came as other bytes/ },
    { name: 'comes short', faults: { texts: { b: 'some' } }, says: /4 instead of 10/ },
    { name: 'leads out of the folder', faults: { path: '../b.txt' }, says: /is not an artifact key/ },
    { name: 'has no link', faults: { href: undefined }, says: /no link/ },
    { name: 'is not in the manifest', faults: { path: 'c.txt' }, says: /c.txt is not in the manifest/ },
    { name: 'is another manifest', faults: { texts: { manifest: manifest.replace('toy', 'top') } }, says: /its seal/ },
    { name: 'is a marker that is not empty', faults: { texts: { marker: 'x' } }, says: /_SUCCESS is not empty/ },
  ])('leaves nothing when a file $name', async ({ faults, says }) => {
    await expect(downloadResult(anApi(faults), 'toy-1', folder)).rejects.toThrow(says);
    expect(await readdir(parent)).toEqual([]);
  });

  it('takes no folder that holds something', async () => {
    await writeFile(folder, '');
    await expect(downloadResult(anApi(), 'toy-1', folder)).rejects.toThrow(/Name a new or empty folder/);
  });
});
