import { beforeEach, expect, it } from 'vitest';
import { jobsApi } from '#runtime/jobs-api/app';
import { openApiClient } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import { openToyPlatform, type ToyPlatform } from '../../helpers/toy/platform.ts';

let platform: ToyPlatform;
let ask: Awaited<ReturnType<typeof openApiClient>>;

beforeEach(async () => {
  platform = await openToyPlatform(aFolder());
  ask = await openApiClient(
    jobsApi({ ...platform, callerOf: () => ({ team: 'red', operator: false }), version: '1.0.0' }),
  );
});

async function submit(words: string, params: Record<string, unknown> = {}): Promise<string> {
  const { input } = await platform.request(words);
  const { status, body } = await ask('POST', '/jobs', { body: { workload: 'toy', input: input[0]!.uri, params } });
  expect(status).toBe(202);
  return body.id;
}

it('a job is submitted, runs, and gives its result page by page', async () => {
  const id = await submit('one two three');
  await platform.settled(id);
  const job = (await ask('GET', `/jobs/${id}`)).body;
  expect(job).toMatchObject({ status: 'SUCCEEDED', links: { results: `jobs/${id}/results` } });

  const all = (await ask('GET', `/${job.links.results}`)).body;
  expect(all.manifest).toMatchObject({ workload: 'toy', outcome: 'complete' });
  expect(all.files.length).toBeGreaterThan(3);
  expect(all.next).toBeUndefined();

  const paths: string[] = [];
  let cursor = '';
  do {
    const page = (await ask('GET', `/jobs/${id}/results?limit=2&cursor=${encodeURIComponent(cursor)}`)).body;
    paths.push(...page.files.map(({ path }: { path: string }) => path));
    cursor = page.next ?? '';
  } while (cursor !== '');
  expect(paths).toEqual(all.files.map(({ path }: { path: string }) => path));
});

it.each(['0', '1001', 'many'])('a page of %s files is refused', async (limit) => {
  expect((await ask('GET', `/jobs/toy-1/results?limit=${limit}`)).status).toBe(400);
});

it('a job that fails is a dead letter, and succeeds when it is replayed, without doing finished work again', async () => {
  const id = await submit('one two three', { fault: 'CountLetters-1:crash-always' });
  expect((await platform.settled(id)).status).toBe('FAILED');
  expect((await ask('GET', '/dead-letters')).body.letters).toMatchObject([
    { jobId: id, error: { step: 'CountLetters' } },
  ]);

  // Whoever could fix it did.
  const { execution } = (await platform.jobs.get(id))!;
  await platform.jobs.transition(id, 'QUEUED', { params: { color: 'red' }, execution: execution! });
  await platform.jobs.transition(id, 'FAILED');
  expect((await ask('POST', `/dead-letters/${id}/replay`)).status).toBe(202);
  expect((await platform.settled(id)).status).toBe('SUCCEEDED');
  expect((await ask('GET', '/dead-letters')).body.letters).toEqual([]);
  expect(await platform.jobs.latestAttempt(id, 'SplitWords')).toBe(1);
  expect(await platform.jobs.latestAttempt(id, 'CountLetters', 0)).toBe(1);
});

it('a job that is refused is no dead letter', async () => {
  const id = await submit(' ');
  expect((await platform.settled(id)).status).toBe('REJECTED');
  expect((await ask('GET', `/jobs/${id}`)).body.error).toMatchObject({ code: 'MediaError', actor: 'submitter' });
  expect((await ask('GET', '/dead-letters')).body.letters).toEqual([]);
});
