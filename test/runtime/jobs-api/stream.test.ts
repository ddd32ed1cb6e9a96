import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventBus, openEventBus } from '#adapters/local/event-bus';
import { announcing } from '#jobs/notify';
import { jobsApi } from '#runtime/jobs-api/app';
import { boundedAnswer } from '#runtime/jobs-api/stream-answers';
import { ofOneJob, ofTeam } from '#runtime/jobs-api/stream-source';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi } from '../../helpers/jobs-api.ts';

let api: LocalApi;
let bus: EventBus;
let jobs: LocalApi['options']['jobs'];

beforeEach(async () => {
  api = await anApi();
  bus = openEventBus();
  jobs = announcing(api.options.jobs, {
    notices: { publish: async () => {} },
    changed: (jobId) => bus.tell({ jobId }),
  });
  await jobs.create(aJob({ team: 'red', status: 'STARTING', execution: 'toy-1' }));
});

const listening = vi.fn();
/** The API as it is at home, where one process sees all changes. */
const open = async (
  path: string,
  { headers = {}, team = 'red' }: { headers?: Record<string, string>; team?: string } = {},
) => {
  const changes: EventBus = {
    ...bus,
    listen(jobId, listener) {
      const end = bus.listen(jobId, listener);
      listening(1);
      return () => {
        listening(-1);
        end();
      };
    },
  };
  const response = await jobsApi({ ...api.options, changes }).request(path, { headers }, { team });
  return { response, ...(response.body ? reading(response.body) : reading(new ReadableStream())) };
};
const listeners = () => listening.mock.calls.reduce((sum, [change]) => sum + change, 0);
beforeEach(() => listening.mockReset());

/** Events of a stream, one at a time. */
function reading(body: ReadableStream<Uint8Array>) {
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const reader = body.getReader();
  const next = async (): Promise<EventSourceMessage | undefined> => {
    while (messages.length === 0) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      parser.feed(new TextDecoder().decode(value));
    }
    return messages.shift();
  };
  return { next, job: async () => JSON.parse((await next())?.data ?? 'null'), leave: () => reader.cancel() };
}

describe('the stream of a job at home', () => {
  it('tells the job as it is, each change as it happens, and ends with the job', async () => {
    const { response, job, next } = await open('/jobs/toy-1/stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await job()).toEqual((await api.ask('GET', '/jobs/toy-1')).body);
    await jobs.transition('toy-1', 'RUNNING');
    expect(await job()).toMatchObject({ status: 'RUNNING' });
    bus.tell({ jobId: 'toy-1', progress: { step: 'Cut', percent: 50, done: 1, total: 2 } });
    expect(await job()).toMatchObject({ progress: { step: 'Cut', percent: 50 } });
    await jobs.transition('toy-1', 'SUCCEEDED', { endedAt: '2026-01-01T00:01:00.000Z' });
    expect(await job()).toEqual((await api.ask('GET', '/jobs/toy-1')).body);
    expect(await next()).toBeUndefined();
    expect(listeners()).toBe(0);
  });

  it('tells a job that ended, and ends', async () => {
    await jobs.transition('toy-1', 'FAILED', { endedAt: '2026-01-01T00:01:00.000Z' });
    const { job, next } = await open('/jobs/toy-1/stream');
    expect(await job()).toMatchObject({ status: 'FAILED' });
    expect(await next()).toBeUndefined();
  });

  it('goes on where it was, and tells whoever knows the end to stay away', async () => {
    const first = await open('/jobs/toy-1/stream');
    const { id } = (await first.next())!;
    await first.leave();
    const again = await open('/jobs/toy-1/stream', { headers: { 'Last-Event-ID': id! } });
    await jobs.transition('toy-1', 'REJECTED', { endedAt: '2026-01-01T00:01:00.000Z' });
    const last = (await again.next())!;
    expect(JSON.parse(last.data)).toMatchObject({ status: 'REJECTED' });
    const known = await open('/jobs/toy-1/stream', { headers: { 'Last-Event-ID': last.id! } });
    expect(known.response.status).toBe(204);
  });

  it('tells what happens fast as one, and what is the same once', async () => {
    const { job, leave } = await open('/jobs/toy-1/stream');
    await job();
    await jobs.transition('toy-1', 'RUNNING');
    for (let done = 1; done <= 50; done += 1) {
      bus.tell({ jobId: 'toy-1', progress: { step: 'Cut', percent: 2 * done, done, total: 50 } });
    }
    expect(await job()).toMatchObject({ progress: { done: 50 } });
    bus.tell({ jobId: 'toy-1' });
    await jobs.transition('toy-1', 'CANCELING');
    expect(await job()).toMatchObject({ status: 'CANCELING' });
    await leave();
  });

  it('ends when its reader goes', async () => {
    const { job, leave } = await open('/jobs/toy-1/stream');
    await job();
    expect(listeners()).toBe(1);
    await leave();
    expect(listeners()).toBe(0);
  });

  it('costs nothing before it is read', async () => {
    await open('/jobs/toy-1/stream');
    await sleep(10);
    expect(listeners()).toBe(0);
  });

  it('of another team is not there', async () => {
    expect((await open('/jobs/toy-1/stream', { team: 'blue' })).response.status).toBe(404);
  });

  it('fifty at once cost fifty listeners, and one change reaches all', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => open('/jobs/toy-1/stream')));
    await Promise.all(streams.map(({ job }) => job()));
    expect(listeners()).toBe(50);
    await jobs.transition('toy-1', 'RUNNING');
    const statuses = await Promise.all(streams.map(async ({ job }) => (await job()).status));
    expect(new Set(statuses)).toEqual(new Set(['RUNNING']));
    await Promise.all(streams.map(({ leave }) => leave()));
    expect(listeners()).toBe(0);
  });
});

describe('the stream of a team at home', () => {
  it('tells the newest jobs, then each that changes or comes, and none of another team', async () => {
    await jobs.create(aJob({ id: 'toy-2', team: 'red', createdAt: '2026-01-02T00:00:00.000Z' }));
    await jobs.create(aJob({ id: 'toy-b', team: 'blue' }));
    const { job, leave } = await open('/stream');
    expect([(await job()).id, (await job()).id]).toEqual(['toy-1', 'toy-2']);
    await jobs.transition('toy-b', 'RUNNING');
    await jobs.transition('toy-1', 'SUCCEEDED', { endedAt: '2026-01-01T00:01:00.000Z' });
    expect(await job()).toMatchObject({ id: 'toy-1', status: 'SUCCEEDED' });
    await jobs.create(aJob({ id: 'toy-3', team: 'red' }));
    expect(await job()).toMatchObject({ id: 'toy-3' });
    await leave();
  });
});

describe('a stream where nothing can be kept open', () => {
  const patience = { totalMs: 300, everyMs: 10 };
  const signal = new AbortController().signal;
  const ask = async (last?: string, source = ofOneJob('toy-1', jobs)) => {
    const response = await boundedAnswer(source, last, signal, patience);
    const { next } = reading(response.body ?? new ReadableStream({ start: (controller) => controller.close() }));
    const events: EventSourceMessage[] = [];
    for (let event = await next(); event; event = await next()) events.push(event);
    return { status: response.status, events, last: events.at(-1)?.id };
  };

  it('answers at once to whoever does not know, and is a whole answer', async () => {
    const { response } = await (async () => ({
      response: await jobsApi(api.options).request('/jobs/toy-1/stream', {}, { team: 'red' }),
    }))();
    expect(await response.text()).toMatch(/^retry: 1000\n\nid: [0-9a-f]{16}\nevent: job\ndata: {"id":"toy-1".*}\n\n$/);
  });

  it('waits for a change, and has nothing to say after a while', async () => {
    const { last } = await ask();
    expect((await ask(last)).events).toEqual([]);
    setTimeout(() => void jobs.transition('toy-1', 'RUNNING'), 50);
    const [event] = (await ask(last)).events;
    expect(JSON.parse(event!.data)).toMatchObject({ status: 'RUNNING' });
  });

  it('tells whoever knows the end to stay away', async () => {
    await jobs.transition('toy-1', 'SUCCEEDED', { endedAt: '2026-01-01T00:01:00.000Z' });
    expect(await ask((await ask()).last)).toMatchObject({ status: 204, events: [] });
  });

  it('of a team tells the newest jobs when one of them has changed', async () => {
    await jobs.create(aJob({ id: 'toy-2', team: 'red' }));
    const source = ofTeam('red', jobs);
    const first = await ask(undefined, source);
    expect(first.events).toHaveLength(2);
    expect((await ask(first.last, source)).events).toEqual([]);
    await jobs.transition('toy-2', 'RUNNING');
    expect((await ask(first.last, source)).events).toHaveLength(2);
  });
});
