import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openLeases } from '#adapters/local/leases';
import { poolQuota } from '#core/leases';
import { leasesSuite } from '../../conformance/leases.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const newFile = () => join(aFolder(), 'state', 'leases.sqlite');
const opened: Disposable[] = [];

function open(file = newFile()) {
  const leases = openLeases(file);
  opened.push(leases);
  return leases;
}

afterEach(() => {
  for (const leases of opened.splice(0)) leases[Symbol.dispose]();
});

leasesSuite('SQLite', async () => open());

it('several processes take no more places than there are', async () => {
  const file = newFile();
  const leases = open(file);
  const program = `
    const { openLeases } = await import('#adapters/local/leases');
    const leases = openLeases(process.argv[1]);
    for (let n = 0; n < 20; n += 1) {
      const lease = { holder: process.pid + '-' + n, jobId: 'toy', token: 'token', until: '2027' };
      await leases.take('pool:cpu', lease, 25);
    }
  `;
  const ends = [1, 2, 3].map(async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, file]);
    return (await once(child, 'close'))[0] as number;
  });
  expect(await Promise.all(ends)).toEqual([0, 0, 0]);
  expect(await leases.held(poolQuota('cpu'))).toHaveLength(25);
});
