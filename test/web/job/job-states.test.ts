import { describe, expect, it } from 'vitest';
import type { Job, JobEvent } from '../../../web/api-types.ts';
import { stateRuns } from '../../../web/job/job-states.ts';
import { factsOf } from '../../../web/job/state-graph.ts';

/** `Type State@second/execution`, with the error behind an exclamation mark. */
function events(...lines: string[]): JobEvent[] {
  return lines.map((line) => {
    const [, type, state, second, execution = '1', error] = line.match(/^(\w+) (\w+)@(\d+)(?:\/(\w+))?(?:!(.+))?$/)!;
    const at = new Date(Number(second) * 1000).toISOString();
    return { type: type!, state: state!, at, execution, ...(error === undefined ? {} : { error }) };
  });
}

const job = (status: Job['status'], more: Partial<Job> = {}) => ({ status, ...more }) as Job;

describe('how a state went', () => {
  it.each<{ name: string; job: Job; events: JobEvent[]; is: object }>([
    {
      name: 'done when it was left',
      job: job('RUNNING'),
      events: events('TaskStateEntered A@0', 'TaskStateExited A@4'),
      is: { outcome: 'good', begun: 1, done: 1, retries: 0 },
    },
    {
      name: 'running while it was not',
      job: job('RUNNING'),
      events: events('TaskStateEntered A@0'),
      is: { outcome: 'running' },
    },
    {
      name: 'running while one shard is done and another has begun',
      job: job('RUNNING'),
      events: events('TaskStateEntered A@0', 'TaskStateExited A@1', 'TaskStateEntered A@2'),
      is: { outcome: 'running', begun: 2, done: 1 },
    },
    {
      name: 'waiting while its job says why',
      job: job('RUNNING', { waiting: { reason: 'no GPU is free', since: '' } }),
      events: events('TaskStateEntered A@0'),
      is: { outcome: 'waiting', waiting: 'no GPU is free' },
    },
    {
      name: 'done with a retry, and the error that it had',
      job: job('RUNNING'),
      events: events('TaskStateEntered A@0', 'TaskFailed A@1!Boom', 'TaskRetried A@1!Boom', 'TaskStateExited A@3'),
      is: { outcome: 'good', retries: 1, error: { name: 'Boom' } },
    },
    {
      name: 'failed when its job failed in it',
      job: job('FAILED'),
      events: events('TaskStateEntered A@0', 'TaskFailed A@1!Boom'),
      is: { outcome: 'bad', error: { name: 'Boom' } },
    },
    {
      name: 'refused when the machine caught its error',
      job: job('REJECTED'),
      events: events('TaskStateEntered A@0', 'TaskCaught A@1!MediaError', 'TaskStateExited A@1'),
      is: { outcome: 'caught' },
    },
    {
      name: 'ended when its job was cancelled',
      job: job('CANCELED'),
      events: events('TaskStateEntered A@0'),
      is: { outcome: 'ended' },
    },
    {
      name: 'reused when another job did it',
      job: job('SUCCEEDED', { reused: [{ step: 'A', from: 'toy-1' }] }),
      events: [],
      is: { outcome: 'reused', begun: 0 },
    },
    {
      name: 'as its last start went, not as the first one did',
      job: job('SUCCEEDED'),
      events: events('TaskStateEntered A@0', 'TaskFailed A@1!Boom', 'TaskStateEntered A@9/2', 'TaskStateExited A@10/2'),
      is: { outcome: 'good', begun: 1, done: 1 },
    },
  ])('is $name', ({ job, events, is }) => {
    expect(stateRuns(events, job).get('A')).toMatchObject(is);
  });

  it('is told in one line', () => {
    const [first, ...others] = [
      'TaskStateEntered A@0',
      'TaskRetried A@1!Boom',
      'TaskStateEntered A@0',
      'TaskStateExited A@3',
    ];
    const run = stateRuns(events(first!, ...others, 'TaskStateExited A@12'), job('SUCCEEDED')).get('A')!;
    expect(factsOf(run)).toBe('done · 2 of 2 · 12 s · 1 retry');
  });
});
