import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { jobsApi } from '#runtime/jobs-api/app';
import { machinesIn } from '#runtime/jobs-api/machine-files';
import { signShare } from '#runtime/jobs-api/share-links';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const NOBODY = { team: undefined };

describe('a link to a job', () => {
  let api: LocalApi;
  let ask: LocalApi['ask'];
  let secrets: [string, ...string[]];

  beforeEach(async () => {
    api = await anApi();
    secrets = ['first secret'];
    const machines = join(aFolder(), 'machines');
    mkdirSync(machines);
    writeFileSync(join(machines, 'toy.asl.json'), '{"StartAt":"A","States":{}}');
    const webhookSecrets = { of: async (team: string) => secrets.map((one) => `${team} ${one}`) as typeof secrets };
    ask = await openApiClient(jobsApi({ ...api.options, webhookSecrets, machineOf: machinesIn(machines) }));
    const notify = { url: 'https://example.com/hook' };
    await api.options.jobs.create(aJob({ id: 'toy-1', team: 'red', status: 'RUNNING', notify }));
  });

  const aLink = async () => (await ask('POST', '/jobs/toy-1/share', { body: { hours: 2 } })).body;

  it('shows the job and its machine to somebody without a credential, and not where its webhooks go', async () => {
    const { token, links, expiresAt } = await aLink();
    expect(links).toEqual({ page: `#/shared/${token}`, self: `shared/${token}` });
    const { status, body, headers } = await ask('GET', `/shared/${token}`, NOBODY);
    expect(status).toBe(200);
    expect(body).toMatchObject({ job: { id: 'toy-1', status: 'RUNNING' }, machine: { StartAt: 'A' }, expiresAt });
    expect(body.job).not.toHaveProperty('notify');
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await ask('GET', `/shared/${token}/events`, NOBODY)).status).toBe(200);
    expect(await ask('GET', `/shared/${token}/results`, NOBODY)).toMatchObject({
      status: 409,
      body: { code: 'NoResult' },
    });
  });

  it('holds as long as was asked for', async () => {
    const { expiresAt } = await aLink();
    const hours = (Date.parse(expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(1.99);
    expect(hours).toBeLessThan(2.01);
    expect((await ask('POST', '/jobs/toy-1/share', { body: { hours: 721 } })).status).toBe(400);
  });

  it('says that its time is over, and since when', async () => {
    const token = signShare({ jobId: 'toy-1', expiresAt: '2026-01-01T00:00:00.000Z' }, 'red first secret');
    for (const path of ['', '/events', '/results']) {
      const { status, body } = await ask('GET', `/shared/${token}${path}`, NOBODY);
      expect([status, body.code]).toEqual([410, 'LinkExpired']);
      expect(body.detail).toContain('2026-01-01T00:00:00.000Z');
    }
  });

  it('is only made by the team of the job', async () => {
    expect(await ask('POST', '/jobs/toy-1/share', { body: {}, team: 'blue' })).toMatchObject({ status: 404 });
    expect(await ask('POST', '/jobs/toy-1/share', { body: {}, team: undefined })).toMatchObject({ status: 401 });
  });

  it.each<{ name: string; change: (token: string) => string }>([
    { name: 'another signature', change: (token) => `${token.slice(0, -2)}xx` },
    { name: 'no signature', change: (token) => token.split('.')[0]! },
    { name: 'a later end', change: (token) => `${claimOf('toy-1', 9e9)}.${token.split('.')[1]}` },
    { name: 'another job', change: (token) => `${claimOf('toy-2', 9e9)}.${token.split('.')[1]}` },
    { name: 'nothing in it', change: () => 'e30.e30' },
    { name: 'a secret that it was not signed with', change: () => signShare(LATER, 'blue first secret') },
  ])('with $name leads nowhere', async ({ change }) => {
    const { token } = await aLink();
    const { status, body } = await ask('GET', `/shared/${change(token)}`, NOBODY);
    expect([status, body.code]).toEqual([404, 'NoSuchLink']);
  });

  it('holds while its secret is an older one, and is taken back with it', async () => {
    const { token } = await aLink();
    secrets = ['second secret', 'first secret'];
    expect((await ask('GET', `/shared/${token}`, NOBODY)).status).toBe(200);
    secrets = ['second secret'];
    expect((await ask('GET', `/shared/${token}`, NOBODY)).status).toBe(404);
  });

  it('is not offered where nothing is signed', async () => {
    expect(await api.ask('POST', '/jobs/toy-1/share', { body: {} })).toMatchObject({ status: 501 });
  });
});

const LATER = { jobId: 'toy-1', expiresAt: '2030-01-01T00:00:00.000Z' };

function claimOf(jobId: string, seconds: number): string {
  return Buffer.from(JSON.stringify([jobId, seconds])).toString('base64url');
}

describe('the state machine of a workload', () => {
  it.each(['gone', '..%2Fsecret', 'Toy'])('is not there for %s', async (name) => {
    const { options } = await anApi();
    const api = jobsApi({ ...options, machineOf: machinesIn(aFolder()) });
    const answer = await api.request(`/workloads/${name}/machine`, {}, { team: 'red' });
    expect(answer.status).toBe(404);
  });
});
