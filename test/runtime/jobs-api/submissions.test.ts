import { beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors';
import { teamQuota } from '#core/leases';
import { jobsApi } from '#runtime/jobs-api/app';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';

let api: LocalApi;
let ask: LocalApi['ask'];

beforeEach(async () => {
  api = await anApi();
  ask = api.ask;
});

const submission = { workload: 'toy', input: '/words.txt', params: { color: 'green' } };

describe('POST /jobs', () => {
  it('answers 202 with the job, and where it is', async () => {
    const { status, headers, body } = await ask('POST', '/jobs', { body: submission });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      workload: 'toy',
      team: 'red',
      status: 'STARTING',
      params: { color: 'green' },
      input: [{ name: 'words.txt', uri: '/words.txt' }],
      links: { self: `jobs/${body.id}` },
    });
    expect(headers.get('location')).toBe(`jobs/${body.id}`);
    expect(body.requestDigest).toBeUndefined();
    expect(api.started).toHaveLength(1);
    expect((await ask('GET', `/jobs/${body.id}`)).body).toEqual(body);
  });

  it('with a key answers 200 the second time, with the same job', async () => {
    const headers = { 'Idempotency-Key': 'order-1' };
    const first = await ask('POST', '/jobs', { body: submission, headers });
    const again = await ask('POST', '/jobs', { body: submission, headers });
    expect([first.status, again.status]).toEqual([202, 200]);
    expect(again.body).toEqual(first.body);
    expect(api.started).toHaveLength(1);
  });

  it('with a key of another request answers 422 (pitfall 28)', async () => {
    const headers = { 'Idempotency-Key': 'order-1' };
    await ask('POST', '/jobs', { body: submission, headers });
    const { status, body } = await ask('POST', '/jobs', { body: { ...submission, params: {} }, headers });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'KeyReused' });
    expect(api.started).toHaveLength(1);
  });

  it('with a key in flight answers 409, and says when to ask again', async () => {
    api.fault = new TransientError('throttled');
    const headers = { 'Idempotency-Key': 'order-1' };
    const first = await ask('POST', '/jobs', { body: submission, headers });
    expect([first.status, first.body.status]).toEqual([202, 'QUEUED']);
    // Another door has given it a place, and is about to start it.
    const { id } = first.body;
    const lease = { holder: id, jobId: id, token: 'of another door', until: new Date().toISOString() };
    await api.options.leases.take(teamQuota('red'), lease, 1);
    const again = await ask('POST', '/jobs', { body: submission, headers });
    expect([again.status, again.body.code, again.headers.get('retry-after')]).toEqual([409, 'KeyInFlight', '5']);
  });

  it('with the key of a job that waits its turn answers with that job, and why it waits', async () => {
    const headers = { 'Idempotency-Key': 'order-1' };
    api.options.limits.pools.cpu = 0;
    const first = await ask('POST', '/jobs', { body: submission, headers });
    expect([first.status, first.body.status]).toEqual([202, 'QUEUED']);
    const again = await ask('POST', '/jobs', { body: submission, headers });
    expect([again.status, again.body.id, again.body.status]).toEqual([200, first.body.id, 'QUEUED']);
    expect((await ask('GET', `/jobs/${first.body.id}`)).body.waiting).toEqual({
      reason: 'The pool cpu has 0 of 0 places taken.',
      since: first.body.createdAt,
      place: 1,
    });
  });

  it('is refused with 429 when too many jobs of the team wait, and says when to ask again', async () => {
    const hasRoom = async () => false;
    const full = await openApiClient(jobsApi({ ...api.options, hasRoom }));
    const { status, body, headers } = await full('POST', '/jobs', { body: submission });
    expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'QueueFull', '60']);
  });

  it('with validateOnly answers what the job would be, and makes none', async () => {
    const { status, body } = await ask('POST', '/jobs?validateOnly=true', { body: { ...submission, params: {} } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ valid: true, params: { color: 'red' }, plan: { SplitWords: 'cpu' } });
    expect(api.started).toEqual([]);
  });

  it.each([
    { name: 'an unknown workload', body: { ...submission, workload: 'toys' }, says: /There are: toy/ },
    { name: 'an unknown field', body: { ...submission, priorty: 1 }, says: /priorty/ },
    { name: 'no input', body: { workload: 'toy' }, says: /input/ },
    { name: 'a list of too many inputs', body: { ...submission, input: ['/a', '/b'] }, says: /expected 1 file/ },
    { name: 'a list', body: [], says: /expected object/ },
    { name: 'no JSON', body: '{"workload":', says: /not JSON/ },
    { name: 'nothing', body: undefined, says: /not JSON/ },
  ])('with $name answers 400', async ({ body, says }) => {
    const answer = await ask('POST', '/jobs', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.detail).toMatch(says);
    expect(answer.body.hint).not.toBe('');
    expect(api.started).toEqual([]);
  });

  it('lists every problem of a request', async () => {
    const body = { ...submission, params: { color: 'blue', routeBytes: -1 } };
    const { problems } = (await ask('POST', '/jobs', { body })).body;
    expect(problems).toEqual([expect.stringContaining('routeBytes'), expect.stringContaining('color')]);
  });

  it.each(['two words', 'x'.repeat(256)])('with the key %j answers 400', async (key) => {
    const { status, body } = await ask('POST', '/jobs', { body: submission, headers: { 'Idempotency-Key': key } });
    expect(status).toBe(400);
    expect(body.detail).toMatch(/Idempotency-Key: /);
  });

  it('that is larger than 1 MB answers 413', async () => {
    const { status, body } = await ask('POST', '/jobs', { body: JSON.stringify({ text: 'x'.repeat(1_000_000) }) });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'BodyTooLarge' });
  });

  it('that names an input of somebody else answers 400', async () => {
    const refuseInput = (uri: string, team: string) => (uri.includes(team) ? undefined : `${uri} is not yours`);
    const strict = await openApiClient(jobsApi({ ...api.options, refuseInput }));
    const input = ['/red/a.txt', '/blue/b.txt'];
    expect((await strict('POST', '/jobs', { body: { ...submission, input } })).body.problems).toEqual([
      '/blue/b.txt is not yours',
    ]);
  });
});
