import { afterEach, expect, it, vi } from 'vitest';
import { type EventBus, openEventBus } from '#adapters/local/event-bus';
import { announcing } from '#jobs/notify';
import { type Served, serveJobsApi } from '#runtime/jobs-api/serve';
import { aJob } from '../../conformance/job-store.ts';
import { anApi } from '../../helpers/jobs-api.ts';

const served: Served[] = [];
afterEach(async () => {
  for (const each of served.splice(0)) await each.close();
});

it('fifty readers of one job over the network get each change, and leave nothing when they go', async () => {
  const { options } = await anApi();
  const bus = openEventBus();
  let listeners = 0;
  const changes: EventBus = {
    ...bus,
    listen(jobId, listener) {
      const end = bus.listen(jobId, listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        end();
      };
    },
  };
  const jobs = announcing(options.jobs, {
    notices: { publish: async () => {} },
    changed: (jobId) => bus.tell({ jobId }),
  });
  await jobs.create(aJob({ status: 'STARTING' }));
  const server = await serveJobsApi({
    ...options,
    changes,
    callerOf: () => ({ team: 'default', operator: false }),
    port: 0,
    findFile: async () => undefined,
  });
  served.push(server);

  const leaving = new AbortController();
  const seen: string[] = Array.from({ length: 50 }, () => '');
  const readers = seen.map(async (_, index) => {
    const response = await fetch(`${server.url}/jobs/toy-1/stream`, { signal: leaving.signal });
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) seen[index] += decoder.decode(chunk);
  });
  await vi.waitFor(() => expect(seen.every((text) => text.includes('STARTING'))).toBe(true), { timeout: 10_000 });
  expect(listeners).toBe(50);
  await jobs.transition('toy-1', 'RUNNING');
  await vi.waitFor(() => expect(seen.every((text) => text.includes('RUNNING'))).toBe(true), { timeout: 10_000 });

  leaving.abort();
  await Promise.allSettled(readers);
  await vi.waitFor(() => expect(listeners).toBe(0), { timeout: 10_000 });
});
