import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openJobStore } from '#adapters/local/job-store';
import { batchMembersSuite } from '../../conformance/batch-members.ts';
import { aJob, jobStoreSuite } from '../../conformance/job-store.ts';
import { jobPlanSuite } from '../../conformance/job-store-plans.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const newFile = () => join(aFolder(), 'state', 'jobs.sqlite');
const opened: Disposable[] = [];

function open(file = newFile()) {
  const store = openJobStore(file);
  opened.push(store);
  return store;
}

afterEach(() => {
  for (const store of opened.splice(0)) store[Symbol.dispose]();
});

jobStoreSuite('SQLite', async () => open());
batchMembersSuite('SQLite', async () => open());
jobPlanSuite('SQLite', async () => open());

it('shows one process what another one wrote', async () => {
  const file = newFile();
  const [one, other] = [open(file), open(file)];
  await one.create(aJob());
  await other.transition('toy-1', 'STARTING');
  expect(await one.get('toy-1')).toMatchObject({ status: 'STARTING' });
});

it('hands out each attempt number once, among processes too', async () => {
  const file = newFile();
  open(file);
  const program = `
    const { openJobStore } = await import('#adapters/local/job-store');
    const store = openJobStore(process.argv[1]);
    for (let n = 0; n < 50; n += 1) console.log(await store.nextAttempt('toy-1', 'Cut'));
  `;
  const outputs = await Promise.all(
    [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program, file]);
      let output = '';
      child.stdout.on('data', (data) => {
        output += data;
      });
      await once(child, 'close');
      return output.trim().split('\n').map(Number);
    }),
  );
  const numbers = outputs.flat().sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
});
