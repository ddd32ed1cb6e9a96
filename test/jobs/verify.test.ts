import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { sealManifest } from '#core/manifest';
import { sha256Hex } from '#core/names';
import { verifyResult } from '#jobs/verify';
import { aFolder } from '../helpers/state-folder.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeEach(async () => {
  folder = aFolder();
  await mkdir(at('images'));
  const files = { 'images/0.jpg': 'a picture', 'stats.json': '{}' };
  for (const [name, text] of Object.entries(files)) await writeFile(at(name), text);
  const entries = Object.entries(files).map(([name, text]) => [
    name,
    { sha256: sha256Hex(text), bytes: text.length, mediaType: 'text/plain' },
  ]);
  const manifest = sealManifest({
    manifest: 1,
    workload: 'toy',
    workloadVersion: '1.0.0',
    outcome: 'complete',
    missing: [],
    degraded: [],
    input: [],
    params: {},
    models: [],
    files: Object.fromEntries(entries),
  });
  await writeFile(at('manifest.json'), manifest);
  await writeFile(at('receipt.json'), '{}');
  await writeFile(at('_SUCCESS'), '');
});

it('a result that nobody touched is as its manifest says', async () => {
  expect(await verifyResult(folder)).toEqual({ outcome: 'complete', files: 2, problems: [] });
});

it('the receipt may be anything', async () => {
  await writeFile(at('receipt.json'), '{"other": true}');
  await rm(at('receipt.md'), { force: true });
  expect((await verifyResult(folder)).problems).toEqual([]);
});

it.each([
  {
    name: 'one byte is changed',
    change: () => writeFile(at('images/0.jpg'), 'a Picture'),
    says: /^images\/0\.jpg was changed/,
  },
  {
    name: 'a byte is added',
    change: () => appendFile(at('stats.json'), ' '),
    says: /^stats\.json has 3 bytes instead of 2/,
  },
  { name: 'a file is missing', change: () => rm(at('stats.json')), says: /^stats\.json is missing/ },
  {
    name: 'a file is too much',
    change: () => writeFile(at('images/1.jpg'), 'x'),
    says: /^images\/1\.jpg is not in the manifest/,
  },
  { name: 'the marker is missing', change: () => rm(at('_SUCCESS')), says: /^_SUCCESS is missing/ },
  { name: 'the marker has content', change: () => writeFile(at('_SUCCESS'), 'x'), says: /^_SUCCESS is not empty/ },
])('tells when $name', async ({ change, says }) => {
  await change();
  const { problems } = await verifyResult(folder);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(says);
});

it('tells when the marker says something else than the manifest', async () => {
  await rename(at('_SUCCESS'), at('_PARTIAL'));
  expect((await verifyResult(folder)).problems).toEqual([
    '_SUCCESS is missing, and the manifest says complete',
    '_PARTIAL is there, and the manifest says complete',
  ]);
});

it('tells when the manifest itself was changed', async () => {
  const text = await readFile(at('manifest.json'), 'utf8');
  await writeFile(at('manifest.json'), text.replace('"1.0.0"', '"1.0.1"'));
  expect((await verifyResult(folder)).problems).toEqual(['manifest.json was changed: its seal does not fit']);
});

it('says what is not a result', async () => {
  await writeFile(at('manifest.json'), '{"manifest": 2}');
  await expect(verifyResult(folder)).rejects.toMatchObject({ name: 'InputError' });
  await writeFile(at('manifest.json'), '{');
  await expect(verifyResult(folder)).rejects.toMatchObject({ name: 'InputError' });
  await rm(at('manifest.json'));
  await expect(verifyResult(folder)).rejects.toMatchObject({ name: 'InputNotFoundError' });
  expect(await readdir(folder)).toContain('images');
});
