import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJobStore } from '#adapters/local/job-store';
import { noticeSchema } from '#core/notices';
import { type Dev, startDev } from '#runtime/dev';
import { verifyWebhook } from '#runtime/webhooks/verify';
import { aJob } from '../conformance/job-store.ts';
import { testFolder } from '../helpers/folder.ts';
import { aReceiver, type Receiver } from '../helpers/receiver.ts';
import { toyMachine } from '../helpers/toy/machine.ts';
import { impatientClock, noModels, toyWorkloads } from '../helpers/toy/platform.ts';

let folder: string;
let receiver: Receiver;
let faults: unknown[];
const started: Dev[] = [];

beforeEach(async () => {
  folder = await testFolder();
  receiver = await aReceiver();
  faults = [];
  await writeFile(join(folder, 'toy.asl.json'), JSON.stringify(toyMachine()));
  await writeFile(join(folder, 'words.txt'), 'one three');
});
afterEach(async () => {
  for (const dev of started.splice(0)) await dev.close();
});

/** The whole of `stepreel dev` in this process, with the toy workload. */
async function aServer(allowPrivateWebhooks = true) {
  const dev = await startDev({
    stateFolder: join(folder, 'state'),
    stateMachines: folder,
    workloads: toyWorkloads,
    models: noModels,
    program: join(import.meta.dirname, '../helpers/toy/toy-task.ts'),
    clock: impatientClock,
    graceMs: 2000,
    versions: async () => ({}),
    version: '1.0.0',
    port: 0,
    inputRoots: [folder],
    allowPrivateWebhooks,
    onFault: (thrown) => faults.push(thrown),
  });
  started.push(dev);
  const ask = async (path: string, body?: unknown) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${dev.url}${path}`, init);
    return { status: response.status, body: JSON.parse((await response.text()) || 'null') };
  };
  const submit = (notify?: object) =>
    ask('/jobs', { workload: 'toy', input: join(folder, 'words.txt'), ...(notify ? { notify } : {}) });
  return { ...dev, ask, submit };
}

const notices = () => receiver.received.map(({ body }) => noticeSchema.parse(JSON.parse(body)));
const ends = () => notices().filter(({ type }) => type === 'job-end');
const untilEnd = () => vi.waitFor(() => expect(ends()).toHaveLength(1), { timeout: 30_000, interval: 50 });

describe('a job at home that names a receiver', () => {
  it('is told of from its start to its end, once each, signed with the secret that the API gives', async () => {
    const { submit, ask } = await aServer();
    const { body: job } = await submit({ url: receiver.url });
    await untilEnd();
    const told = notices().map(({ type, job: { step } }) => (step ? `${type} ${step}` : type));
    expect(told.filter((each) => !each.startsWith('step'))).toEqual(['job-start', 'job-end']);
    for (const step of ['CheckWords', 'SplitWords', 'PlanCounts', 'CountLetters', 'WriteReport']) {
      expect(told).toEqual(expect.arrayContaining([`step-start ${step}`, `step-end ${step}`]));
    }
    expect(new Set(notices().map(({ id }) => id)).size).toBe(told.length);
    expect(ends()[0]).toMatchObject({
      job: { id: job.id, status: 'SUCCEEDED', links: { results: `jobs/${job.id}/results` } },
    });

    const { secrets } = (await ask('/webhooks/secrets')).body;
    for (const { headers, body } of receiver.received) verifyWebhook({ headers, body, secret: secrets });
    expect((await readFile(join(folder, 'state', 'webhook-secret'), 'utf8')).trim()).toBe(secrets[0]);
    expect(faults).toEqual([]);
  }, 40_000);

  it('is refused where webhooks may not go to this machine, which is the rule', async () => {
    const { submit } = await aServer(false);
    expect(await submit({ url: receiver.url })).toMatchObject({ status: 400 });
    expect(await submit({ url: 'http://localhost:1/' })).toMatchObject({ status: 202 });
    await vi.waitFor(() => expect(faults.map(String).join()).toMatch(/localhost leads to (127.0.0.1|::1)/), {
      timeout: 20_000,
    });
  }, 40_000);

  it('is told that it ended by the next process, where this one died in between; and by no third', async () => {
    const ended = aJob({
      id: 'toy-dead',
      team: 'local',
      status: 'FAILED',
      execution: 'toy-dead',
      notify: { url: receiver.url },
      createdAt: new Date().toISOString(),
      endedAt: new Date().toISOString(),
    });
    const jobs = openJobStore(join(folder, 'state', 'jobs.sqlite'));
    await jobs.create(ended);
    jobs[Symbol.dispose]();
    await (await aServer()).close();
    await untilEnd();
    await (await aServer()).close();
    expect(notices()).toHaveLength(1);
    expect(ends()[0]!.job).toMatchObject({ id: 'toy-dead', status: 'FAILED' });
  }, 40_000);
});

describe('who follows a job at home', () => {
  it('sees it from QUEUED to its end on one stream, and may read its log', async () => {
    const { submit, ask, url } = await aServer();
    const { body: job } = await submit();
    const stream = await fetch(`${url}/jobs/${job.id}/stream`);
    const text = await stream.text();
    const statuses = Array.from(text.matchAll(/^data: (.*)$/gm), ([, data]) => JSON.parse(data!).status as string);
    expect(statuses.at(-1)).toBe('SUCCEEDED');
    expect(statuses.length).toBeGreaterThan(1);
    const { lines } = (await ask(`/jobs/${job.id}/logs`)).body;
    expect(lines.map(({ step }: { step: string }) => step)).toContain('SplitWords');
  }, 40_000);

  it('holds nothing up when the server ends', async () => {
    const server = await aServer();
    const { body: job } = await server.submit();
    const stream = await fetch(`${server.url}/stream`);
    const reader = stream.body!.getReader();
    await reader.read();
    await server.close();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow();
    expect(job.id).toMatch(/^toy-/);
  }, 40_000);
});
