import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRecords } from '#adapters/local/records';
import { RequestRefused } from '#jobs/refusal';
import { openRegistry } from '#jobs/registry';
import { jobsApi } from '#runtime/jobs-api/app';
import { loadOutside } from '#runtime/outside/outside-workload';
import { openRecordStore } from '#runtime/outside/record-store';
import { registeredIn } from '#runtime/outside/registered';
import { openRegistration } from '#runtime/outside/registration';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';
import { aWorkloadFolder } from '../../helpers/programs.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import { toyWorkloads } from '../../helpers/toy/platform.ts';

let ask: LocalApi['ask'];
let prepared: string[];
let fault: Error | undefined;

// The API over the registry of a deployed platform; only what AWS would run is left out.
beforeEach(async () => {
  const { options } = await anApi();
  const store = openRecordStore(openRecords(join(aFolder(), 'records.sqlite')));
  prepared = [];
  fault = undefined;
  const registration = openRegistration({
    store,
    taken: Object.keys(toyWorkloads),
    async prepare({ name, version }) {
      if (fault) throw fault;
      prepared.push(`${name}@${version}`);
    },
  });
  const registry = openRegistry(toyWorkloads, registeredIn(store));
  ask = await openApiClient(jobsApi({ ...options, registry, registration }));
});

const operator = { team: 'platform', operator: true };
const definitionOf = async (changes: object = {}) =>
  (await loadOutside(aWorkloadFolder('', changes))).outside!.definition;
const register = async (changes: object = {}, body: object = {}) =>
  ask('POST', '/workloads', { ...operator, body: { definition: await definitionOf(changes), ...body } });

it('a workload that is registered is in the list at once, with its schema, its steps and its machine', async () => {
  const params = { type: 'object', properties: { size: { type: 'integer', default: 3 } }, additionalProperties: false };
  expect(await register({ params })).toMatchObject({
    status: 201,
    body: { name: 'own-model', version: '0.1.0', release: { current: '0.1.0' } },
  });
  expect(prepared).toEqual(['own-model@0.1.0']);
  const { body: list } = await ask('GET', '/workloads', { team: 'red' });
  expect(list.workloads.map(({ name }: { name: string }) => name)).toEqual(['toy', 'own-model']);
  const { body: view } = await ask('GET', '/workloads/own-model', { team: 'red' });
  expect(view).toMatchObject({
    params: { properties: { size: { type: 'integer', default: 3 } } },
    versions: ['0.1.0'],
    release: { current: '0.1.0' },
  });
  const { body: machine } = await ask('GET', '/workloads/own-model/machine', { team: 'red' });
  expect(Object.keys(machine.States)).toContain('RunModel');
});

it('versions are pinned, shared out to a canary, released and taken back', async () => {
  await register();
  const canary = { version: '0.2.0', percent: 10 };
  expect((await register({ version: '0.2.0' }, { percent: 10 })).body.release).toEqual({ current: '0.1.0', canary });
  const back = await ask('POST', '/workloads/own-model/rollback', operator);
  expect(back.body.release).toEqual({ current: '0.1.0' });
  const released = await ask('POST', '/workloads/own-model/release', { ...operator, body: { version: '0.2.0' } });
  expect(released.body.release).toEqual({ current: '0.2.0', previous: '0.1.0' });
  const pinned = { workload: 'own-model@0.1.0', input: '/example.txt' };
  const { status, body: job } = await ask('POST', '/jobs', { team: 'red', body: pinned });
  expect([status, job.workload, job.workloadVersion]).toEqual([202, 'own-model', '0.1.0']);
  const { body: newest } = await ask('POST', '/jobs', { team: 'red', body: { ...pinned, workload: 'own-model' } });
  expect(newest.workloadVersion).toBe('0.2.0');
});

describe('refused', () => {
  it.each([
    { path: '/workloads', body: { definition: {} } },
    { path: '/workloads/own-model/release', body: { version: '0.1.0' } },
    { path: '/workloads/own-model/rollback', body: undefined },
  ])('$path of whoever is no operator', async ({ path, body }) => {
    const answer = await ask('POST', path, { team: 'red', ...(body ? { body } : {}) });
    expect(answer).toMatchObject({ status: 403, body: { code: 'OperatorsOnly' } });
  });

  it('a definition that does not fit its machine, with every difference', async () => {
    const steps = { RunModel: { command: ['a'] }, Render: { command: ['b'] } };
    const { outside } = await loadOutside(aWorkloadFolder(''));
    const definition = { ...outside!.definition, steps, machine: 'own.asl.json' };
    const body = { definition, machine: outside!.machine };
    const { status, body: problem } = await ask('POST', '/workloads', { ...operator, body });
    expect([status, problem.code]).toEqual([400, 'InputError']);
    expect(problem.problems).toContain('own-model has a step Render, and no Task state is called so.');
    expect(prepared).toEqual([]);
  });

  it.each([
    { name: 'no definition', changes: { steps: undefined }, says: 'The definition defines no workload' },
    {
      name: 'a machine that was not sent',
      changes: { machine: 'own.asl.json' },
      says: 'names the machine own.asl.json',
    },
    { name: 'a name of ours', changes: { name: 'toy' }, says: 'toy is a workload that ships with Stepreel' },
  ])('$name', async ({ changes, says }) => {
    const body = { definition: { ...(await definitionOf()), ...changes } };
    const answer = await ask('POST', '/workloads', { ...operator, body });
    expect([answer.status, answer.body.detail]).toEqual([400, expect.stringContaining(says)]);
  });

  it('what can’t be run here, of which nothing is kept', async () => {
    fault = new RequestRefused('NotOffered', 'This function registers no workloads.', 'Ask another.');
    expect(await register()).toMatchObject({ status: 501 });
    fault = undefined;
    expect(await register()).toMatchObject({ status: 201 });
  });
});
