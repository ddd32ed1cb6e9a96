import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { oomKills } from '#adapters/local/oom-kills';
import { testFolder } from '../../helpers/folder.ts';

it('the kills of our own control group count, where it counts', async () => {
  const folder = await testFolder();
  const [group, machine] = [join(folder, 'memory.events'), join(folder, 'vmstat')];
  await writeFile(group, 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n');
  await writeFile(machine, 'nr_free_pages 1\noom_kill 7\n');
  expect(oomKills([group, machine])).toBe(2);
  expect(oomKills([join(folder, 'none'), machine])).toBe(7);
});

it('a system that does not say is not guessed at', () => {
  expect(oomKills(['/nowhere/memory.events'])).toBeUndefined();
});

it.runIf(process.platform === 'linux')('Linux says', () => {
  expect(oomKills()).toBeGreaterThanOrEqual(0);
});
