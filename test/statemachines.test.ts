import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { checkMachine } from '#asl/check';
import type { Machine } from '#asl/definition';
import { MAX_PAYLOAD_BYTES } from '#asl/limits';
import { loadMachine } from '#asl/load';
import { jobId, kebabCase } from '#core/names';
import type { HistoryEvent } from '#core/ports';
import { sizesOf, taskSizes } from '#core/sizes';
import { builtIn } from '#workloads/index';
import { runSmall } from './helpers/machine.ts';

const folder = new URL('../statemachines/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.asl.json'));

it('there is one state machine for each workload, under its name', () => {
  expect(files.map((file) => basename(file, '.asl.json')).sort()).toEqual(Object.keys(builtIn).sort());
});

describe.each(Object.keys(builtIn))('the workload %s spells each step once', (name) => {
  it('in the key, the step itself and the names of its file and its door', async () => {
    const { steps } = await builtIn[name]!();
    for (const [step, placed] of Object.entries(steps)) {
      const { default: loaded } = await placed.load();
      expect(loaded.name).toBe(step);
      const file = `${kebabCase(step)}.ts`;
      expect(existsSync(new URL(`../workloads/${name}/steps/${file}`, import.meta.url)), file).toBe(true);
      const door = existsSync(new URL(`../lambdas/${name}/${file}`, import.meta.url));
      expect(door, `a door lambdas/${name}/${file}`).toBe(placed.runs === 'lambda');
    }
  });
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

  it('carries the largest legal job: 40 shards and routes of 1 KB, in a fraction of what a payload may have', async () => {
    const loaded = await loadMachine(fileURLToPath(new URL(file, folder)), (name) => name);
    const history: HistoryEvent[] = [];
    const workload = await builtIn[basename(file, '.asl.json')]!();
    const parts = Array.from({ length: 40 }, (_, shard) => shard);
    const route = { shards: parts, segments: parts, join: 'yes', padding: 'x'.repeat(900) };
    const most = 2 ** 53 - 1;
    const counts = { frames: most, activities: most, phrases: most, published: most };
    const answer = { ...route, ...counts, outcome: 'complete', degraded: [], verdict: 'pass' };
    const { end } = await runSmall({
      machine: loaded,
      input: {
        jobId: jobId('dataset'),
        team: 'a-team',
        project: 'a-project',
        plan: Object.fromEntries(Object.keys(workload.steps).map((step) => [step, 'cpu'])),
        size: taskSizes(sizesOf(workload)),
      },
      lambda: () => answer,
      options: { record: (event) => history.push(event) },
    });
    expect(end.status).toBe('SUCCEEDED');
    const maps = Object.values(loaded.States).filter(({ Type }) => Type === 'Map').length;
    expect(history.filter(({ type }) => type === 'MapIterationSucceeded')).toHaveLength(40 * maps);
    const largest = Math.max(...history.map(({ input, output }) => JSON.stringify(input ?? output ?? '').length));
    expect(largest).toBeLessThan(MAX_PAYLOAD_BYTES / 20);
  });
});
