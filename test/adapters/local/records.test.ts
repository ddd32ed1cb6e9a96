import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openRecords } from '#adapters/local/records';
import { recordsSuite } from '../../conformance/records.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const opened: Disposable[] = [];

function open(now?: () => Date, file = join(aFolder(), 'state', 'records.sqlite')) {
  const records = openRecords(file, now);
  opened.push(records);
  return records;
}

afterEach(() => {
  for (const records of opened.splice(0)) records[Symbol.dispose]();
});

recordsSuite('SQLite', async (now) => open(now));

it('shows one process what another one wrote', async () => {
  const file = join(aFolder(), 'records.sqlite');
  const [one, other] = [open(undefined, file), open(undefined, file)];
  await one.create('note', { id: 'n-1', team: 'red', value: 1 });
  await other.update<number>('note', 'n-1', (value) => value + 1);
  expect((await one.get('note', 'n-1'))!.value).toBe(2);
});

it('makes no file before it is used', async () => {
  const file = join(aFolder(), 'records.sqlite');
  const records = open(undefined, file);
  expect(existsSync(file)).toBe(false);
  await records.get('note', 'n-1');
  expect(existsSync(file)).toBe(true);
});
