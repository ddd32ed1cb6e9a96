import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkloadDefinition } from '#core/workload-definition';
import { aFolder } from './state-folder.ts';

type Definition = Partial<Record<keyof WorkloadDefinition, unknown>>;

/** A folder with a workload from outside whose one program is this JavaScript; `definition` changes what it says of itself. */
export function aWorkloadFolder(
  program: string,
  definition: Definition = {},
  files: Record<string, string> = {},
): string {
  const folder = aFolder();
  const whole = {
    ...{ contract: 1, name: 'own-model', version: '0.1.0', title: 'Own', description: 'Somebody’s model.' },
    example: ['example.txt'],
    steps: { RunModel: { command: [process.execPath, 'program.mjs'] } },
    ...definition,
  };
  const all = { 'program.mjs': program, 'workload.json': JSON.stringify(whole), 'example.txt': 'abc', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What programs of tests begin with: their job, and a way to leave files and lines. */
export const PROGRAM_HEAD = `
import { readFileSync, writeFileSync, symlinkSync, mkdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
const { STEPREEL_JOB, STEPREEL_INPUT, STEPREEL_OUTPUT, STEPREEL_SCRATCH } = process.env;
const job = JSON.parse(readFileSync(STEPREEL_JOB, 'utf8'));
const leave = (name, text) => {
  mkdirSync(dirname(join(STEPREEL_OUTPUT, name)), { recursive: true });
  writeFileSync(join(STEPREEL_OUTPUT, name), text);
};
const say = (line) => console.log(typeof line === 'string' ? line : JSON.stringify(line));
`;
