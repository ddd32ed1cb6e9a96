import { describe, expect, it, onTestFinished } from 'vitest';
import { graphqlNamed } from '#workloads/letter-asr/publish/graphql-config';
import { fieldValues, publishResult } from '#workloads/letter-asr/publish/publish-result';
import type { ActivityResults } from '#workloads/letter-asr/result/activity-results';
import { endpointServer, type Respond } from '../../../helpers/endpoint-server.ts';

const RESULTS: ActivityResults = {
  schema_version: 2,
  activity_id: 'a1',
  status: 'partial',
  phrases: [
    { phrase_index: 0, status: 'scored', errors: [false, true], warnings: [], gaps: [] },
    { phrase_index: 2, status: 'failed', reason: 'no sound', errors: [], warnings: [], gaps: [] },
    { phrase_index: 3, status: 'scored', errors: [false], warnings: [], gaps: [] },
  ],
  ...{ error_count: 1, total_alignments: 3, alignment_accuracy: 0.666667 },
};

const written = { body: { data: { updateActivity: { activityId: 'a1' } } } };

async function publish(respond: Respond, more: { timeoutSeconds?: number; tries?: number } = {}) {
  const server = await endpointServer(respond);
  onTestFinished(() => server.close());
  const list = JSON.stringify({ tutor: { url: `${server.url}/graphql`, apiKeyFrom: 'KEY', ...more } });
  const config = await graphqlNamed('tutor', { STEPREEL_GRAPHQL_ENDPOINTS: list });
  const options = {
    endpoint: 'tutor',
    config,
    apiKey: 'secret',
    correlationId: 'job/a1',
    signal: new AbortController().signal,
  };
  const failure = await publishResult(RESULTS, options).catch((error: Error) => error);
  return { failure, received: server.received };
}

it('a result is sent as updateActivity, with its key and its correlation id', async () => {
  const { failure, received } = await publish(() => written);
  expect(failure).toBeUndefined();
  const [{ headers, body }] = received as [(typeof received)[0]];
  expect(headers).toMatchObject({ 'x-api-key': 'secret', 'x-correlation-id': 'job/a1' });
  const { query, variables } = JSON.parse(body.toString());
  expect(query).toContain('updateActivity(activityId: $activityId, fieldValues: $fieldValues)');
  expect(variables.activityId).toBe('a1');
  expect(JSON.parse(variables.fieldValues)).toEqual({
    errors: [[false, true], null, null, [false]],
    ...{ error_count: 1, total_alignments: 3, alignment_accuracy: 0.666667 },
  });
});

it('a failed phrase is null at its index, so that no letter of it is called wrong', () => {
  expect(fieldValues(RESULTS).errors).toEqual([[false, true], null, null, [false]]);
  expect(fieldValues({ ...RESULTS, phrases: [] }).errors).toEqual([]);
});

describe('what passes is tried again', () => {
  it.each([
    { name: 'a server error', first: { status: 503 } },
    { name: 'too many requests', first: { status: 429 } },
    { name: 'a dropped connection', first: { hangUp: true } },
    {
      name: 'a throttled resolver',
      first: { body: { data: null, errors: [{ message: 'slow down', errorType: 'ThrottlingException' }] } },
    },
  ])('$name', async ({ first }) => {
    const { failure, received } = await publish((_, call) => (call === 0 ? first : written));
    expect(failure).toBeUndefined();
    expect(received).toHaveLength(2);
  });
});

describe('a result that was not taken is a failure', () => {
  it.each([
    {
      name: 'after three tries',
      answer: { status: 500 },
      says: 'tried 3 times: it answered 500',
      tries: 3,
      error: 'TransientError',
    },
    {
      name: 'at once when it is refused',
      answer: { status: 401 },
      says: 'it answered 401',
      tries: 1,
      error: 'ToolError',
    },
    {
      name: 'though the status is 200',
      answer: {
        body: { data: { updateActivity: null }, errors: [{ message: 'no such activity', errorType: 'NotFound' }] },
      },
      ...{ says: 'no such activity', tries: 1, error: 'ToolError' },
    },
    {
      name: 'when nothing was written',
      answer: { body: { data: { updateActivity: null } } },
      says: 'without data',
      tries: 1,
      error: 'ToolError',
    },
    {
      name: 'when the answer is no GraphQL',
      answer: { body: 'hello' },
      says: 'not GraphQL',
      tries: 1,
      error: 'ToolError',
    },
  ])('$name', async ({ answer, says, tries, error }) => {
    const { failure, received } = await publish(() => answer);
    expect(failure).toMatchObject({ name: error, message: expect.stringContaining(says) });
    expect((failure as Error).message).not.toContain('secret');
    expect(received).toHaveLength(tries);
  });

  it('when no answer comes in time', async () => {
    const { failure } = await publish(() => ({ ...written, afterMs: 2000 }), { timeoutSeconds: 0.1, tries: 1 });
    expect(failure).toMatchObject({
      name: 'TransientError',
      message: expect.stringContaining('no answer within 0.1 s'),
    });
  });
});

describe('an endpoint is one that the operator listed', () => {
  const named = (list: unknown, name = 'tutor') =>
    graphqlNamed(name, { STEPREEL_GRAPHQL_ENDPOINTS: JSON.stringify(list) }).catch((error: Error) => error);

  it('with 60 s and three tries unless the list says otherwise', async () => {
    const list = { tutor: { url: 'https://example.org/graphql', apiKeyFrom: 'KEY' } };
    expect(await named(list)).toMatchObject({ timeoutSeconds: 60, tries: 3 });
  });

  it.each([
    { name: 'another name', list: {}, says: 'No endpoint is called "tutor"', error: 'InputError' },
    {
      name: 'http to elsewhere',
      list: { tutor: { url: 'http://example.org/', apiKeyFrom: 'K' } },
      says: 'must be https',
      error: 'ToolError',
    },
    { name: 'no key', list: { tutor: { url: 'https://example.org/' } }, says: 'apiKeyFrom', error: 'ToolError' },
  ])('$name is refused', async ({ list, says, error }) => {
    expect(await named(list)).toMatchObject({ name: error, message: expect.stringContaining(says) });
  });
});
