import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { jobsApi } from '#runtime/jobs-api/app';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import { isAlive, until } from '../../helpers/state-processes.ts';
import { faultMark } from '../../helpers/toy/faults.ts';
import { openToyPlatform, type ToyPlatform } from '../../helpers/toy/platform.ts';

describe('GET /jobs', () => {
  let api: LocalApi;
  let ask: LocalApi['ask'];

  beforeEach(async () => {
    api = await anApi();
    ask = api.ask;
  });

  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const add = (number: number, changes: Partial<Job> = {}) =>
    api.options.jobs.create(aJob({ id: `toy-${number}`, team: 'red', createdAt: at(number), ...changes }));
  const ids = async (query: string) =>
    (await ask('GET', `/jobs?${query}`)).body.jobs.map(({ id }: { id: string }) => id);

  it('pages through 250 jobs without gaps or repeats while new ones arrive', async () => {
    for (let number = 0; number < 250; number += 1) await add(number);
    const seen: string[] = [];
    for (let cursor = '', arrived = 250; ; arrived += 1) {
      const { status, body } = await ask('GET', `/jobs?limit=40${cursor}`);
      expect(status).toBe(200);
      seen.push(...body.jobs.map(({ id }: { id: string }) => id));
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
      await add(arrived);
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => `toy-${249 - index}`));
  });

  it("lists no other team's jobs, and refuses to be asked for them", async () => {
    await add(1);
    await add(2, { team: 'blue' });
    expect(await ids('')).toEqual(['toy-1']);
    expect(await ids('team=red')).toEqual(['toy-1']);
    expect(await ask('GET', '/jobs?team=blue')).toMatchObject({ status: 403, body: { code: 'OtherTeam' } });
    expect((await ask('GET', '/jobs', { team: undefined })).status).toBe(401);
  });

  it('has each job as GET /jobs/{id} has it', async () => {
    await add(1, { status: 'FAILED', error: { name: 'ModelError', message: 'another digest' }, requestDigest: 'x' });
    const { jobs } = (await ask('GET', '/jobs')).body;
    expect(jobs).toEqual([(await ask('GET', '/jobs/toy-1')).body]);
  });

  it.each([
    { query: 'status=RUNNING', found: [3] },
    { query: 'status=RUNNING,FAILED', found: [6, 3] },
    { query: 'status=pending', found: [1] },
    { query: 'status=claimed', found: [2] },
    { query: 'status=processing', found: [10, 3] },
    { query: 'status=completed', found: [5, 4] },
    { query: 'status=failed', found: [9, 8, 7, 6] },
    { query: 'status=pending,QUEUED', found: [1] },
    { query: 'workload=dataset', found: [1] },
    { query: 'project=bridge', found: [2] },
    { query: `since=${at(9)}`, found: [10, 9] },
    { query: 'since=2026-01-01T01:00:09%2B01:00', found: [10, 9] },
  ])('?$query finds the jobs of it', async ({ query, found }) => {
    const states = [
      'QUEUED',
      'STARTING',
      'RUNNING',
      'SUCCEEDED',
      'PARTIAL',
      'FAILED',
      'REJECTED',
      'TIMED_OUT',
    ] as const;
    for (const [index, status] of [...states, 'CANCELED' as const, 'CANCELING' as const].entries()) {
      const changes = {
        ...(index === 0 ? { workload: 'dataset' } : {}),
        ...(index === 1 ? { project: 'bridge' } : {}),
      };
      await add(index + 1, { status, ...changes });
    }
    expect(await ids(query)).toEqual(found.map((number) => `toy-${number}`));
  });

  it.each(['status=done', 'status=', 'since=yesterday', 'cursor=x', 'limit=0', 'limit=201'])(
    '?%s is refused',
    async (query) => {
      const { status, body } = await ask('GET', `/jobs?${query}`);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).toContain(query.split('=')[0]);
    },
  );
});

describe('a running job', () => {
  let platform: ToyPlatform;
  let ask: Awaited<ReturnType<typeof openApiClient>>;

  beforeEach(async () => {
    platform = await openToyPlatform(aFolder());
    ask = await openApiClient(
      jobsApi({ ...platform, callerOf: () => ({ team: 'red', operator: false }), version: '1.0.0' }),
    );
  });
  afterEach(() => platform.close());

  async function submit(params: Record<string, unknown> = {}) {
    const { input } = await platform.request('one two');
    const { body } = await ask('POST', '/jobs', { body: { workload: 'toy', input: input[0]!.uri, params } });
    return { id: body.id as string, input };
  }

  it('is cancelled with all its processes, and again without harm (pitfall 20)', async () => {
    const { id, input } = await submit({ fault: 'SplitWords-before:leave-grandchild-always' });
    const pid = async (name: string) => Number(await readFile(faultMark(input, name), 'utf8').catch(() => 0));
    await until(async () => (await pid('grandchild')) > 0, 'the task had a child');
    const pids = [await pid('SplitWords-before'), await pid('grandchild')];
    expect(await ask('POST', `/jobs/${id}/cancel`)).toMatchObject({ status: 202, body: { status: 'CANCELING' } });
    expect((await ask('POST', `/jobs/${id}/cancel`)).body.id).toBe(id);
    expect((await platform.settled(id)).status).toBe('CANCELED');
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await ask('POST', `/jobs/${id}/cancel`)).toMatchObject({ status: 200, body: { status: 'CANCELED' } });
    const { events } = (await ask('GET', `/jobs/${id}/events`)).body;
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionAborted', execution: id });
  });

  it('that is cancelled at its end is SUCCEEDED or CANCELED, and says which', async () => {
    const ids = await Promise.all([submit(), submit(), submit()]);
    const answers = ids.map(async ({ id }, index) => {
      // Around its last state, a little earlier and later.
      await until(async () => (await platform.jobs.latestAttempt(id, 'WriteReport')) > 0, 'its report was begun');
      for (let turn = 0; turn < index * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const { status } = await ask('POST', `/jobs/${id}/cancel`);
      const job = await platform.settled(id);
      expect(['SUCCEEDED', 'CANCELED']).toContain(job.status);
      if (status === 409) expect(job.status).toBe('SUCCEEDED');
      const again = await ask('POST', `/jobs/${id}/cancel`);
      expect(again.status).toBe(job.status === 'SUCCEEDED' ? 409 : 200);
    });
    await Promise.all(answers);
  });

  it('tells what happened in order, page by page', async () => {
    const { id } = await submit();
    await platform.settled(id);
    const all = (await ask('GET', `/jobs/${id}/events`)).body.events;
    expect(all[0]).toMatchObject({ type: 'ExecutionStarted' });
    expect(all.at(-1)).toMatchObject({ type: 'ExecutionSucceeded' });
    expect(
      all
        .filter(({ state }: { state?: string }) => state === 'CountLetters')
        .map(({ shard }: { shard: number }) => shard),
    ).toContain(1);
    const paged: unknown[] = [];
    for (let next: string | undefined = '0'; next !== undefined; ) {
      const page: { events: unknown[]; next?: string } = (await ask('GET', `/jobs/${id}/events?limit=7&cursor=${next}`))
        .body;
      paged.push(...page.events);
      next = page.next;
    }
    expect(paged).toEqual(all);
    expect((await ask('GET', `/jobs/${id}/events?cursor=-1`)).status).toBe(400);
  });

  it('that failed is redriven, and its events are those of both starts', async () => {
    const { id } = await submit({ fault: 'CountLetters-1:crash-always' });
    await platform.settled(id);
    expect((await ask('POST', `/jobs/${id}/cancel`)).body).toMatchObject({ status: 409, code: 'NotCancellable' });
    const { status, headers, body } = await ask('POST', `/jobs/${id}/redrive`);
    expect({ status, location: headers.get('location') }).toEqual({ status: 202, location: `../../jobs/${id}` });
    expect(body).toMatchObject({ status: 'STARTING', execution: `${id}-redrive-1` });
    expect((await ask('GET', '/dead-letters')).body.letters).toEqual([]);
    await platform.settled(id);
    const { events } = (await ask('GET', `/jobs/${id}/events?limit=1000`)).body;
    const executions = events.map(({ execution }: { execution: string }) => execution);
    expect([...new Set(executions)]).toEqual([id, `${id}-redrive-1`]);
    expect(events.find(({ type }: { type: string }) => type === 'TaskFailed')).toMatchObject({
      state: 'CountLetters',
      shard: 1,
    });
  });
});

it('a job that nobody started is CANCELED at once, has no events and can’t be redriven', async () => {
  const platform = await openToyPlatform(aFolder());
  const ask = await openApiClient(
    jobsApi({ ...platform, callerOf: () => ({ team: 'red', operator: false }), version: '1.0.0' }),
  );
  await platform.jobs.create(aJob({ team: 'red', execution: 'toy-1' }));
  expect((await ask('GET', '/jobs/toy-1/events')).body).toEqual({ events: [] });
  expect((await ask('POST', '/jobs/toy-1/redrive')).status).toBe(409);
  expect(await ask('POST', '/jobs/toy-1/cancel')).toMatchObject({ status: 200, body: { status: 'CANCELED' } });
  expect((await ask('GET', '/jobs/toy-1/events')).body).toEqual({ events: [] });
  platform.close();
});

it.each([
  ['GET', 'events'],
  ['POST', 'cancel'],
  ['POST', 'redrive'],
])("%s /jobs/{id}/%s finds nothing of another team's job", async (method, what) => {
  const { options, ask } = await anApi();
  await options.jobs.create(aJob({ status: 'FAILED', team: 'blue' }));
  for (const id of ['toy-1', 'toy-none']) expect((await ask(method, `/jobs/${id}/${what}`)).status).toBe(404);
});
