import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDeadLetters } from '#adapters/local/dead-letters';
import { aLetter, deadLettersSuite } from '../../conformance/dead-letters.ts';
import { aFolder } from '../../helpers/state-folder.ts';

deadLettersSuite('a folder', async () => openDeadLetters(join(aFolder(), 'dead-letters')));

it('is empty where nothing ever failed', async () => {
  expect(await openDeadLetters(join(aFolder(), 'never')).list()).toEqual([]);
});

it('shows no letter in the making', async () => {
  const folder = aFolder();
  await writeFile(join(folder, '.half'), '{"jobId":');
  const letters = openDeadLetters(folder);
  await letters.put(aLetter());
  expect(await letters.list()).toEqual([aLetter()]);
});
