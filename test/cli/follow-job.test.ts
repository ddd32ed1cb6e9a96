import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { eventOf, written } from '#runtime/jobs-api/stream-source';
import { jobView } from '#runtime/jobs-api/views';
import { openApiClient } from '../../cli/api-client.ts';
import { followJob } from '../../cli/follow-job.ts';
import { aJob } from '../conformance/job-store.ts';
import { endpointOf } from '../helpers/aws-in-process.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An API that answers requests in turn, the last answer for all that follow. */
async function anApi(...answers: Answer[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { url, headers } = request;
    asked.push([url, headers['last-event-id']].filter(Boolean).join(' '));
    (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { api: openApiClient(endpointOf(server)), asked };
}

const running = aJob({ status: 'RUNNING', createdAt: '2026-01-01T00:00:00.000Z' });
const ended = aJob({ ...running, status: 'SUCCEEDED', endedAt: '2026-01-01T00:01:00.000Z' });
const stream =
  (jobs: Job[], text = 'retry: 5\n\n'): Answer =>
  (_request, response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
      .end(text + jobs.map((job) => written(eventOf(job))).join(''));
const problem =
  (status: number, code: string): Answer =>
  (_request, response) =>
    response
      .writeHead(status, { 'Content-Type': 'application/problem+json' })
      .end(JSON.stringify({ type: 'x', title: 'x', status, detail: 'x', code, hint: 'x' }));
const record =
  (job: Job): Answer =>
  (_request, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(jobView(job)));

const statuses = async (api: Parameters<typeof followJob>[0]) => {
  const found: string[] = [];
  for await (const { status } of followJob(api, 'toy-1')) found.push(status);
  return found;
};

it('a job is followed by its stream until it has ended', async () => {
  const { api, asked } = await anApi(stream([running, ended]));
  expect(await statuses(api)).toEqual(['RUNNING', 'SUCCEEDED']);
  expect(asked).toEqual(['/jobs/toy-1/stream']);
});

it('a stream that ends before its job is taken up where it ended, when the API wants it', async () => {
  const { api, asked } = await anApi(stream([running]), stream([], 'retry: 5\n\n: nothing new\n\n'), stream([ended]));
  expect(await statuses(api)).toEqual(['RUNNING', 'SUCCEEDED']);
  const known = `/jobs/toy-1/stream ${eventOf(running).id}`;
  expect(asked).toEqual(['/jobs/toy-1/stream', known, known]);
});

it('a stream that breaks off in the middle of a word is taken up again', async () => {
  const broken: Answer = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    const text = `retry: 5\n\n${written(eventOf(running))}`;
    response.write(text + text.slice(0, -9), () => response.destroy());
  };
  const { api } = await anApi(broken, stream([ended]));
  expect(await statuses(api)).toEqual(['RUNNING', 'SUCCEEDED']);
});

it.each([
  { name: 'knows no such route', answer: problem(404, 'NoSuchRoute') },
  { name: 'offers none', answer: problem(501, 'NotOffered') },
  { name: 'answers with something else', answer: record(running) },
])('a job is asked for again and again where the API $name', async ({ answer }) => {
  const { api, asked } = await anApi(answer, record(running), record(ended));
  expect(await statuses(api)).toEqual(['RUNNING', 'SUCCEEDED']);
  expect(asked).toEqual(['/jobs/toy-1/stream', '/jobs/toy-1', '/jobs/toy-1']);
});

it('a job that is not there is not followed', async () => {
  const { api, asked } = await anApi(problem(404, 'NoSuchJob'));
  await expect(statuses(api)).rejects.toMatchObject({ name: 'NoSuchJob' });
  expect(asked).toHaveLength(1);
});

it('a stream that tells of something else than a job is not this API’s', async () => {
  const { api } = await anApi((_request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('event: job\ndata: {"id":7}\n\n'),
  );
  await expect(statuses(api)).rejects.toMatchObject({ name: 'NotThisApi' });
});
