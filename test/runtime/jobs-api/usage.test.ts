import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { NO_CHARGE } from '#core/price';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import { leaveStep } from '../../helpers/toy/result.ts';

const charge = {
  ...NO_CHARGE,
  vcpuSeconds: 10,
  usd: 0.5,
  prices: '2026-01-01',
  steps: { SplitWords: 0.4 },
  inputBytes: 100,
};
const times = {
  createdAt: '2026-02-01T00:00:00.000Z',
  startedAt: '2026-02-01T00:00:10.000Z',
  endedAt: '2026-02-01T00:01:50.000Z',
};
let api: LocalApi;

beforeEach(async () => {
  api = await anApi();
});

async function aDoneJob(more: Partial<Job> = {}): Promise<Job> {
  const job = aJob({ status: 'SUCCEEDED', team: 'red', charge, ...times, ...more });
  await api.options.jobs.create(job);
  return job;
}

describe('GET /usage', () => {
  const february = '?from=2026-02-01&to=2026-03-01';

  it('adds up what the jobs of the team took', async () => {
    await aDoneJob({ id: 'toy-1', project: 'bridge' });
    await aDoneJob({ id: 'toy-2', project: 'bridge' });
    await aDoneJob({ id: 'toy-3', team: 'blue' });
    const { status, body } = await api.ask('GET', `/usage${february}&by=project`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      team: 'red',
      by: 'project',
      rows: [{ name: 'bridge', jobs: 2, usd: 1 }],
      total: { usd: 1 },
    });
    expect([body.from, body.to]).toEqual(['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
  });

  it('is of this month, by project, when nothing is asked for', async () => {
    const { body } = await api.ask('GET', '/usage');
    expect(body).toMatchObject({ by: 'project', rows: [] });
    expect(body.from).toMatch(/-01T00:00:00.000Z$/);
  });

  it.each([
    { what: 'a team of its own', operator: false, team: 'red', status: 200 },
    { what: 'another team', operator: false, team: 'blue', status: 403 },
    { what: 'another team, for an operator', operator: true, team: 'blue', status: 200 },
  ])('tells of $what: $status', async ({ operator, team, status }) => {
    await aDoneJob({ id: 'toy-3', team: 'blue' });
    const answer = await api.ask('GET', `/usage${february}&team=${team}`, { operator });
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.total.jobs).toBe(team === 'blue' ? 1 : 0);
  });

  it.each(['?from=yesterday', '?by=team', '?from=2026-03-01&to=2026-02-01', '?from=2026-02-01T00:00:00'])(
    'refuses %s',
    async (query) => {
      expect((await api.ask('GET', `/usage${query}`)).status).toBe(400);
    },
  );
});

describe('GET /jobs/{id}/receipt', () => {
  it('tells what a job took, and what that costs', async () => {
    const job = await aDoneJob();
    await leaveStep(api.options, job, 'SplitWords', {});
    const { status, body } = await api.ask('GET', `/jobs/${job.id}/receipt`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      job: { id: job.id, status: 'SUCCEEDED' },
      seconds: 100,
      steps: [{ step: 'SplitWords', attempts: 1, seconds: 1.5 }],
      cost: { usd: 0.5, paid: 'nothing: it ran on a machine of your own' },
    });
  });

  it('tells of a running job what it took so far', async () => {
    const { charge: _charge, endedAt: _endedAt, ...running } = await aDoneJob({ id: 'toy-0' });
    await api.options.jobs.create({ ...running, id: 'toy-1', status: 'RUNNING' });
    const { body } = await api.ask('GET', '/jobs/toy-1/receipt');
    expect(body).toMatchObject({ seconds: 0, steps: [], attempts: [] });
    expect(body.cost).toBeUndefined();
  });

  it("does not know another team's job", async () => {
    await aDoneJob({ id: 'toy-3', team: 'blue' });
    expect((await api.ask('GET', '/jobs/toy-3/receipt')).status).toBe(404);
  });
});

describe('POST /jobs?validateOnly=true', () => {
  async function validated(words: string) {
    const uri = join(aFolder(), 'words.txt');
    await writeFile(uri, words);
    return await api.ask('POST', '/jobs?validateOnly=true', { body: { workload: 'toy', input: uri } });
  }

  it('tells what the job would take, from past jobs of the team', async () => {
    const past = { workloadVersion: '1.0.0' };
    for (const id of ['toy-1', 'toy-2', 'toy-3', 'toy-4', 'toy-5']) await aDoneJob({ ...past, id });
    await aDoneJob({ ...past, id: 'toy-6', team: 'blue', charge: { ...charge, usd: 99 } });
    const { status, body } = await validated('x'.repeat(200));
    expect(status).toBe(200);
    expect(body.quote).toMatchObject({ basis: { jobs: 5 }, seconds: { likely: 200 }, usd: { likely: 1 } });
    expect((await api.options.jobs.list({ team: 'red', limit: 10 })).jobs).toHaveLength(5);
  });

  it.each<{ what: string; job: Partial<Job> }>([
    { what: 'took over steps', job: { reused: [{ step: 'SplitWords', from: 'toy-0' }] } },
    { what: 'was redriven', job: { execution: 'toy-1-redrive-1' } },
    { what: 'was of another version', job: { workloadVersion: '0.9.0' } },
    { what: 'failed', job: { status: 'FAILED' } },
  ])('does not go by a job that $what', async ({ job }) => {
    await aDoneJob({ id: 'toy-1', workloadVersion: '1.0.0', ...job });
    expect((await validated('some words')).body.quote.basis).toMatchObject({ jobs: 0 });
  });

  it('tells it also where the input is not there yet', async () => {
    const { status, body } = await api.ask('POST', '/jobs?validateOnly=true', {
      body: { workload: 'toy', input: '/nowhere/words.txt' },
    });
    expect(status).toBe(200);
    expect(body.quote.basis.jobs).toBe(0);
  });
});

describe('a job that failed', () => {
  it('is explained also where nobody did when it ended', async () => {
    await aDoneJob({ id: 'toy-1', status: 'REJECTED', error: { name: 'MediaError', message: 'no picture' } });
    const { body } = await api.ask('GET', '/jobs/toy-1');
    expect(body.error.explanation).toMatchObject({
      kind: 'input',
      actor: 'submitter',
      next: 'stepreel submit toy --input FILE',
    });
  });
});

it('GET /workloads/{name} tells the sizes of the steps, what 1 GB takes, and a request to begin with', async () => {
  const { body } = await api.ask('GET', '/workloads/toy');
  expect(body.steps).toContainEqual({ name: 'CheckWords', runs: 'lambda', memoryMiB: 256 });
  expect(body.steps).toContainEqual({
    name: 'SplitWords',
    runs: 'container',
    vcpu: 1,
    memoryMiB: 512,
    devices: ['cpu'],
  });
  expect(body.quotePerGb).toMatchObject({ basis: { jobs: 0 }, usd: { likely: expect.any(Number) } });
  expect(body.example).toEqual({ workload: 'toy', input: 'file.txt' });
});
