import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openInputListing } from '#adapters/local/input-listing';
import { aFolder } from '../../helpers/state-folder.ts';

const root = aFolder();
const outside = aFolder();

beforeAll(async () => {
  for (const name of ['a.txt', 'b/1.txt', 'b/2/3.txt', 'b-2.txt', 'c/1.txt']) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), name);
  }
  await writeFile(join(outside, 'secret.txt'), '');
  await symlink(outside, join(root, 'b/link'));
  await symlink(join(outside, 'secret.txt'), join(root, 'b/link.txt'));
});

async function below(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of openInputListing().below(prefix)) found.push(path.replace(`${root}/`, ''));
  return found;
}

it.each([
  { prefix: '/', expected: ['a.txt', 'b/1.txt', 'b/2/3.txt', 'b-2.txt', 'c/1.txt'].sort() },
  { prefix: '/b/', expected: ['b/1.txt', 'b/2/3.txt'] },
  { prefix: '/b', expected: ['b-2.txt', 'b/1.txt', 'b/2/3.txt'] },
  { prefix: '/b/2', expected: ['b/2/3.txt'] },
  { prefix: '/b/2/../', expected: ['b/1.txt', 'b/2/3.txt'] },
  { prefix: '/none', expected: [] },
])('the prefix $prefix finds $expected, and follows no link', async ({ prefix, expected }) => {
  expect((await below(root + prefix)).sort()).toEqual(expected);
  expect((await below(`file://${root}${prefix}`)).sort()).toEqual(expected);
});

it.each(['b/', 's3://bucket/b/', ''])('%j is refused', async (prefix) => {
  await expect(below(prefix)).rejects.toMatchObject({ name: 'InputError' });
});

it('a folder that is not there is refused', async () => {
  await expect(below(`${root}/none/`)).rejects.toMatchObject({ name: 'InputError' });
});
