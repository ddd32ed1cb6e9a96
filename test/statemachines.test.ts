import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { checkMachine } from '#asl/check';
import type { Machine } from '#asl/definition';
import { builtIn } from '#workloads/index';

const folder = new URL('../statemachines/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.asl.json'));

it('there is one state machine for each workload, under its name', () => {
  expect(files.map((file) => basename(file, '.asl.json')).sort()).toEqual(Object.keys(builtIn).sort());
});

describe.each(files)('%s', (file) => {
  const machine = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Machine;

  it('fits its workload: steps, placements, errors, retries, time limits, paths', async () => {
    const workload = await builtIn[basename(file, '.asl.json')]!();
    expect(workload.name).toBe(basename(file, '.asl.json'));
    expect(checkMachine(machine, workload)).toEqual([]);
  });

  it('is valid for a validator that is not ours', () => {
    const { isValid, errorsText } = validate(machine, { checkArn: true, checkPaths: true });
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });
});
