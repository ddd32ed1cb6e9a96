import { beforeEach, describe, expect, it } from 'vitest';
import { openLogs } from '#adapters/local/logs';
import { jobsApi } from '#runtime/jobs-api/app';
import { PUBLIC_ONLY, refuseReceiver } from '#runtime/webhooks/receivers';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';

let api: LocalApi;
let ask: LocalApi['ask'];
beforeEach(async () => {
  api = await anApi();
  const more = {
    logs: openLogs(aFolder()),
    webhookSecrets: { of: async (team: string) => [`whsec_${team}`] as [string] },
    refuseReceiver: (url: string) => refuseReceiver(url, PUBLIC_ONLY),
  };
  ask = await openApiClient(jobsApi({ ...api.options, ...more }));
});

describe('GET /webhooks/secrets', () => {
  it('tells a team its own, which nothing between may keep', async () => {
    const answer = await ask('GET', '/webhooks/secrets', { team: 'red' });
    expect(answer).toMatchObject({ status: 200, body: { secrets: ['whsec_red'] } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('tells nobody without a credential, and nobody where there are none', async () => {
    expect((await ask('GET', '/webhooks/secrets', { team: undefined })).status).toBe(401);
    expect((await api.ask('GET', '/webhooks/secrets')).body).toMatchObject({ status: 501, code: 'NotOffered' });
  });
});

describe('a job that names a receiver', () => {
  const submit = (notify: unknown) =>
    ask('POST', '/jobs', { body: { workload: 'toy', input: 's3://bucket/words.txt', notify } });

  it('is taken, and says so', async () => {
    const notify = { url: 'https://example.com/hook', events: ['job-end'] };
    expect(await submit(notify)).toMatchObject({ status: 202, body: { notify } });
  });

  it.each([
    { url: 'http://127.0.0.1/' },
    { url: 'http://[::ffff:10.0.0.1]/' },
    { url: 'http://169.254.169.254/latest/' },
    { url: 'https://user:password@example.com/' },
    { url: 'ftp://example.com/' },
    { url: 'example.com' },
    { url: 'https://example.com/', events: ['job-middle'] },
    { url: 'https://example.com/', events: [] },
    { url: 'https://example.com/', secret: 'mine' },
  ])('is refused with %j, and nothing is recorded (pitfall 54)', async (notify) => {
    expect(await submit(notify)).toMatchObject({ status: 400, body: { code: 'InputError' } });
    expect((await ask('GET', '/jobs')).body.jobs).toEqual([]);
  });
});

describe('GET /jobs/{id}/logs', () => {
  beforeEach(async () => {
    await api.options.jobs.create(aJob({ team: 'red' }));
  });

  it('tells what there is, and where later lines begin', async () => {
    expect(await ask('GET', '/jobs/toy-1/logs?step=CheckWords&limit=5')).toMatchObject({
      status: 200,
      body: { lines: [], next: expect.any(String) },
    });
  });

  it.each([
    { path: '/jobs/toy-1/logs?step=Nothing', team: 'red', status: 400 },
    { path: '/jobs/toy-1/logs?step=toString', team: 'red', status: 400 },
    { path: '/jobs/toy-1/logs?after=x', team: 'red', status: 400 },
    { path: '/jobs/toy-1/logs?limit=0', team: 'red', status: 400 },
    { path: '/jobs/toy-1/logs?limit=100000', team: 'red', status: 400 },
    { path: '/jobs/toy-1/logs', team: 'blue', status: 404 },
    { path: '/jobs/toy-2/logs', team: 'red', status: 404 },
    { path: '/jobs/..%2Ftoy-1/logs', team: 'red', status: 404 },
  ])('refuses $path of team $team with $status', async ({ path, team, status }) => {
    expect((await ask('GET', path, { team })).status).toBe(status);
  });
});
