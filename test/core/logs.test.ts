import { describe, expect, it } from 'vitest';
import { logLineOf, withoutSecrets } from '#core/logs';

const place = { at: '2026-01-01T00:00:00.000Z', step: 'Cut' };

describe('a line of a log', () => {
  it('of ours is told by its parts, without those that say where it was written', () => {
    const text = JSON.stringify({
      level: 'WARN',
      message: 'slow',
      timestamp: '2026-01-01T01:00:01.5+01:00',
      service: 'stepreel',
      env: 'dev',
      correlationId: 'toy-1',
      jobId: 'toy-1',
      phase: 'Count',
      shard: 2,
      latencyMs: 7,
    });
    expect(logLineOf(text, place)).toEqual({
      at: '2026-01-01T00:00:01.500Z',
      level: 'WARN',
      message: 'slow',
      step: 'Count',
      shard: 2,
      fields: { latencyMs: 7 },
    });
  });

  it.each(['a crash', '{"half', '42', 'null', '["a"]', '{"message":7}'])(
    'of somebody else is told as it is: %s',
    (text) => {
      expect(logLineOf(text, place)).toEqual({ ...place, level: 'INFO', message: text });
    },
  );

  it('with a time that is none is where it was found', () => {
    expect(logLineOf('{"message":"x","timestamp":"soon"}', place)).toMatchObject({ at: place.at, message: 'x' });
  });

  it('of metrics is no line for people', () => {
    expect(logLineOf('{"_aws":{"Timestamp":1},"StepDuration":[1]}', place)).toBeUndefined();
  });
});

it.each([
  {
    text: 'GET https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F1&X-Amz-Signature=abc123&x=1',
    shown: 'GET https://b.s3.amazonaws.com/k?X-Amz-Credential=…&X-Amz-Signature=…&x=1',
  },
  { text: '{"url":"https://h/?X-Amz-Security-Token=t/+=="}', shown: '{"url":"https://h/?X-Amz-Security-Token=…"}' },
  { text: 'signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', shown: 'signed with whsec_…' },
  { text: 'as ASIAIOSFODNN7EXAMPLE', shown: 'as …' },
  { text: 'nothing to hide', shown: 'nothing to hide' },
])('what opens something is not shown: $shown', ({ text, shown }) => expect(withoutSecrets(text)).toBe(shown));
