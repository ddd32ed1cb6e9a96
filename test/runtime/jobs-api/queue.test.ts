import { beforeEach, describe, expect, it } from 'vitest';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi } from '../../helpers/jobs-api.ts';

let api: LocalApi;
let ask: LocalApi['ask'];

beforeEach(async () => {
  api = await anApi();
  ask = api.ask;
  api.options.limits.pools = { cpu: 2, gpu: 1 };
});

const submit = (team = 'red', priority = 'normal') =>
  ask('POST', '/jobs', { team, body: { workload: 'toy', input: '/words.txt', priority } });

const operator = { team: 'blue', operator: true };

describe('GET /queue', () => {
  beforeEach(async () => {
    for (const team of ['red', 'red', 'blue', 'red']) await submit(team);
    await submit('red', 'high');
  });

  it('shows an operator everything, in the order of turns', async () => {
    const { body } = await ask('GET', '/queue', operator);
    expect(body.pools).toMatchObject([
      { pool: 'cpu', isPaused: false, underWay: 2, limit: 2, waiting: 3 },
      { pool: 'gpu', isPaused: false, underWay: 0, limit: 1, waiting: 0 },
    ]);
    expect(body.lanes).toMatchObject([
      { pool: 'cpu', priority: 'high', team: 'red', waiting: 1 },
      { pool: 'cpu', priority: 'normal', team: 'blue', waiting: 1 },
      { pool: 'cpu', priority: 'normal', team: 'red', waiting: 1 },
    ]);
    expect(body.teams).toEqual([
      { team: 'blue', underWay: 0, limit: 1000 },
      { team: 'red', underWay: 2, limit: 1000 },
    ]);
  });

  it('shows anybody else the pools and their own team', async () => {
    const { body } = await ask('GET', '/queue', { team: 'blue' });
    expect(body.pools[0]).toMatchObject({ waiting: 3 });
    expect(body.lanes).toMatchObject([{ team: 'blue', waiting: 1 }]);
    expect(body.teams).toEqual([{ team: 'blue', underWay: 0, limit: 1000 }]);
  });
});

describe('GET /jobs/{id} says why a job waits, and its place', () => {
  it.each([
    { name: 'a full pool', limit: 1000, says: 'The pool cpu has 2 of 2 places taken.' },
    { name: 'a team that has its fill', limit: 2, says: 'Your team has 2 of 2 jobs under way.' },
  ])('$name', async ({ limit, says }) => {
    api.options.limits.team = async () => limit;
    for (let before = 0; before < 3; before += 1) await submit();
    const { body } = await submit();
    await submit('red', 'high');
    const { body: job } = await ask('GET', `/jobs/${body.id}`);
    // Behind the third, and behind the one of high priority.
    expect(job.waiting).toMatchObject({ reason: says, since: job.createdAt });
    expect([2, 3]).toContain(job.waiting.place);
  });

  it('a pause', async () => {
    await ask('POST', '/queue/pause', { ...operator, body: {} });
    const { body } = await submit();
    expect(body.status).toBe('QUEUED');
    const { waiting } = (await ask('GET', `/jobs/${body.id}`)).body;
    expect(waiting).toMatchObject({ reason: 'The pool cpu is paused by the operator.', place: 1 });
  });

  it('since its redrive, where that put it into the queue', async () => {
    const queuedAt = '2026-01-02T00:00:00.000Z';
    await api.options.jobs.create(aJob({ team: 'red', execution: 'toy-1-redrive-1', queuedAt }));
    const { body } = await ask('GET', '/jobs/toy-1');
    expect(body.waiting).toMatchObject({ since: queuedAt });
    expect(body).not.toHaveProperty('queuedAt');
  });
});

describe('POST /queue/pause and /queue/resume', () => {
  it.each(['pause', 'resume'])('%s is refused for whoever is no operator', async (verb) => {
    const { status, body } = await ask('POST', `/queue/${verb}`, { body: {} });
    expect([status, body.code]).toEqual([403, 'OperatorsOnly']);
    expect(await api.options.leases.paused()).toEqual([]);
  });

  it.each([
    { body: {}, paused: ['cpu', 'gpu'] },
    { body: { pool: 'gpu' }, paused: ['gpu'] },
  ])('with $body pauses $paused, and resumes them', async ({ body, paused }) => {
    const answer = await ask('POST', '/queue/pause', { ...operator, body });
    expect(answer.status).toBe(200);
    const isPaused = ({ pools }: { pools: { pool: string; isPaused: boolean }[] }) =>
      pools.filter((one) => one.isPaused).map(({ pool }) => pool);
    expect(isPaused(answer.body)).toEqual(paused);
    expect(isPaused((await ask('POST', '/queue/resume', { ...operator, body })).body)).toEqual([]);
  });

  it('starts what waited once it is resumed', async () => {
    await ask('POST', '/queue/pause', { ...operator, body: {} });
    await submit();
    expect(api.started).toEqual([]);
    const { body } = await ask('POST', '/queue/resume', { ...operator, body: {} });
    expect(body.pools[0]).toMatchObject({ underWay: 1, waiting: 0 });
    expect(api.started).toHaveLength(1);
  });

  it.each([{ pool: 'tpu' }, { pools: 'cpu' }, []])('refuses %j', async (body) => {
    expect((await ask('POST', '/queue/pause', { ...operator, body })).status).toBe(400);
  });
});
