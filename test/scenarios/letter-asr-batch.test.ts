import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { drawExample } from '#workloads/letter-asr/example';
import { startDevServer } from '../helpers/dev-server.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

const SCRIPT = new URL('../../scripts/letter-batch.ts', import.meta.url).pathname;
const EXPECTED = [
  ['a_letter', 'b_letter', 'c_letter'],
  ['m_letter', 's_letter', 'k_letter'],
  ['f_letter', 'z_letter', 'y_letter'],
];

it('an export of activities and a folder of recordings become a batch through the API', {
  timeout: 180_000,
}, async () => {
  const folder = await testFolder();
  const drawn = await testFolder();
  const recordings = (await drawExample(drawn)).filter(({ name }) => name.endsWith('.wav'));
  const lines = ['activity_id,phraseIndex,expected_text'];
  for (const activity of ['one', 'two', 'silent']) {
    for (const [phrase, items] of EXPECTED.entries()) lines.push(`${activity},${phrase},${items.join(' ')}`);
  }
  await writeFile(join(folder, 'activities.csv'), `${lines.join('\n')}\n`);
  for (const activity of ['one', 'two']) {
    await mkdir(join(folder, 'recordings', activity), { recursive: true });
    for (const { uri } of recordings) {
      await copyFile(uri, join(folder, 'recordings', activity, basename(uri).replace('example_', '')));
    }
  }

  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [SCRIPT, 'activities.csv', '--recordings', 'recordings'],
    { cwd: folder },
  );
  expect(stderr).toBe('activity silent has no recording\n');
  await writeFile(join(folder, 'batch.jsonl'), stdout);

  const server = await startDevServer(folder);
  const ask = (...words: string[]) =>
    stepreel([...words, '--json'], { cwd: folder, env: { STEPREEL_API: server.url } });
  const ended = await ask('batch', 'submit', 'letter-asr', '--manifest', 'batch.jsonl', '--wait');
  expect(ended.documents.filter(({ event }) => event === 'batch').at(-1)).toMatchObject({
    status: 'SUCCEEDED',
    total: 2,
    counts: { SUCCEEDED: 2 },
  });
  expect(ended.code).toBe(0);
  expect((await server.stop()).code).toBe(0);
});
