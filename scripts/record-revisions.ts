/**
 * Records which code each step's revision stands for, in workloads/<name>/revisions.json, and the digests of the models that
 * come with the program. A changed step whose revision was not raised is only recorded when somebody says that its output
 * is the same:
 *   npm run revisions [-- --same-output]
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Revisions, Workload } from '#core/workload';
import { SHIPPED_MODELS, shippedModels } from './revisions/model-digests.ts';
import { driftOf, missingIn, remedyOf, revisionsOf } from './revisions/revisions.ts';

const { values } = parseArgs({ options: { 'same-output': { type: 'boolean', default: false } } });
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

await record(SHIPPED_MODELS, shippedModels());
const { builtIn } = await import('#workloads/index');
const open: string[] = [];
for (const name of Object.keys(builtIn)) open.push(...(await recordWorkload(name, builtIn[name]!)));
if (open.length > 0) {
  console.error(`Still to do:\n${open.map((one) => `- ${one}`).join('\n')}`);
  process.exitCode = 65;
}

/** @returns what somebody has to decide first; nothing of the workload is recorded then. */
async function recordWorkload(name: string, load: () => Promise<Workload>): Promise<string[]> {
  const file = `workloads/${name}/revisions.json`;
  // The workload itself imports it.
  if (!existsSync(file)) await record(file, {});
  const recorded = JSON.parse(await readFile(file, 'utf8')) as Revisions;
  const workload = await load();
  const found = await revisionsOf(workload);
  const undecided = driftOf(name, recorded, found).filter(({ kind }) => kind === 'undecided');
  if (undecided.length > 0 && !values['same-output']) return undecided.map(remedyOf);
  await record(file, found);
  return workload.revisions ? [] : [missingIn(name)];
}

async function record(file: string, content: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}
