// Runs a toy job whose task hangs with a child of its own, so that a test can kill this process and see what is left.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openToyPlatform } from './platform.ts';

const folder = process.argv[2]!;
const uri = join(folder, 'words.txt');
await writeFile(uri, 'one two');
const platform = await openToyPlatform(folder);
await platform.runJob({
  workload: 'toy',
  input: [{ name: 'words.txt', uri }],
  params: { fault: 'SplitWords-before:leave-grandchild-always' },
});
