import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { freeBytesOf, requireFreeDisk } from '#adapters/disk';

const MIB = 1024 ** 2;

it.each([
  { name: 'room', needed: 100 * MIB, free: 200 * MIB, enough: true },
  { name: 'room for the bytes and not for the reserve', needed: 100 * MIB, free: 150 * MIB, enough: false },
  { name: 'no room', needed: 100 * MIB, free: 10 * MIB, enough: false },
])('a disk with $name is enough: $enough', async ({ needed, free, enough }) => {
  const checked = requireFreeDisk('/data', needed, async () => free);
  if (enough) await checked;
  else await expect(checked).rejects.toMatchObject({ name: 'ResourceError', exitCode: 71, details: { needed, free } });
});

it('measures the disk of a folder', async () => {
  expect(await freeBytesOf(tmpdir())).toBeGreaterThan(0);
});
