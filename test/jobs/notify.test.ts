import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { type Notice, type Notices, noticeSchema } from '#core/notices';
import type { JobStore } from '#core/ports';
import { announcing, noticeOf, tell, tellJobEnd } from '#jobs/notify';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';

let told: { notice: Notice; url?: string }[];
let isDown: boolean;
const notices: Notices = {
  async publish(notice, receiver) {
    if (isDown) throw new Error('the bus is down');
    told.push({ notice, ...(receiver ? { url: receiver.url } : {}) });
  },
};
beforeEach(() => {
  told = [];
  isDown = false;
});

const endedAt = '2026-01-01T00:01:00.000Z';
const ended = (changes: Partial<Job> = {}) => aJob({ status: 'SUCCEEDED', execution: 'toy-1', endedAt, ...changes });
const types = () => told.map(({ notice }) => `${notice.type} ${notice.job.status}`);

describe('a notice', () => {
  const occurrence = {
    type: 'step-end',
    time: endedAt,
    execution: 'toy-1',
    step: 'Cut',
    shard: 2,
    attempt: 1,
  } as const;

  it('says what happened, to which job, and where to look; nothing of its input or its receiver', () => {
    const job = ended({ notify: { url: 'https://example.com/?token=1' }, team: 'red' });
    const notice = noticeOf(job, { ...occurrence, error: 'MediaError' });
    expect(noticeSchema.parse(notice)).toEqual(notice);
    expect(notice).toMatchObject({
      type: 'step-end',
      time: endedAt,
      job: { id: 'toy-1', team: 'red', status: 'SUCCEEDED', step: 'Cut', shard: 2, error: 'MediaError' },
    });
    expect(notice.job.links).toEqual({ self: 'jobs/toy-1', results: 'jobs/toy-1/results' });
    expect(JSON.stringify(notice)).not.toMatch(/token|words/);
  });

  it('has the same id when it is told again, and no full stop in it, which its signature would not bear', () => {
    const again = noticeOf(ended({ status: 'RUNNING' }), { ...occurrence, time: '2026-01-01T00:09:00.000Z' });
    expect(again.id).toBe(noticeOf(ended(), occurrence).id);
    expect(again.id).toMatch(/^evt_[0-9a-f]{32}$/);
  });

  it.each([
    { type: 'step-start' as const },
    { execution: 'toy-1-redrive-1' },
    { step: 'Count' },
    { shard: 3 },
    { attempt: 2 },
  ])('has another id for %j', (changes) => {
    expect(noticeOf(ended(), { ...occurrence, ...changes }).id).not.toBe(noticeOf(ended(), occurrence).id);
  });

  it.each([
    { notify: undefined, reaches: false },
    { notify: { url: 'https://example.com/' }, reaches: true },
    { notify: { url: 'https://example.com/', events: ['step-end'] }, reaches: true },
    { notify: { url: 'https://example.com/', events: ['job-end'] }, reaches: false },
  ] as const)('reaches the receiver $notify: $reaches', async ({ notify, reaches }) => {
    const job = notify ? { notify: { ...notify, ...('events' in notify ? { events: [...notify.events] } : {}) } } : {};
    await tell(ended(job as Partial<Job>), occurrence, notices);
    expect(told).toHaveLength(1);
    expect(told[0]!.url !== undefined).toBe(reaches);
  });
});

describe('the end of a job', () => {
  it.each(['SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELED'] as const)(
    'is told where it is %s, with the error if there is one',
    async (status) => {
      await tellJobEnd(ended({ status, error: { name: 'ModelError', message: 'x', step: 'Cut' } }), notices);
      expect(told[0]!.notice).toMatchObject({ type: 'job-end', job: { status, step: 'Cut', error: 'ModelError' } });
    },
  );

  it.each(['QUEUED', 'STARTING', 'RUNNING', 'CANCELING', 'EXPIRED'] as const)(
    'is not told of one that is %s',
    async (status) => {
      await tellJobEnd(ended({ status }), notices);
      expect(told).toEqual([]);
    },
  );
});

describe('a job store that tells', () => {
  let jobs: JobStore;
  let changed: string[];
  beforeEach(async () => {
    changed = [];
    const quiet = (await openStateFolder(aFolder())).jobs;
    jobs = announcing(quiet, { notices, changed: (id) => changed.push(id) });
    await jobs.create(aJob({ status: 'RUNNING', execution: 'toy-1' }));
  });

  it('tells an end once, whoever recorded it, and each change to those who follow', async () => {
    await jobs.transition('toy-1', 'CANCELING');
    expect(types()).toEqual([]);
    await jobs.transition('toy-1', 'CANCELED', { endedAt });
    await jobs.transition('toy-1', 'CANCELED', { endedAt });
    expect(types()).toEqual(['job-end CANCELED']);
    expect(changed).toEqual(['toy-1', 'toy-1', 'toy-1']);
  });

  it('tells nothing that was not recorded', async () => {
    expect(await jobs.transition('toy-1', 'SUCCEEDED', { endedAt }, 'another')).toBeUndefined();
    expect(await jobs.create(ended())).toBe(false);
    expect(types()).toEqual([]);
  });

  it('tells of a job that ended before it began', async () => {
    await jobs.create(ended({ id: 'toy-2', status: 'REJECTED' }));
    expect(types()).toEqual(['job-end REJECTED']);
  });

  it('tells each end of a job that was started again', async () => {
    await jobs.transition('toy-1', 'FAILED', { endedAt });
    await jobs.transition('toy-1', 'QUEUED', { execution: 'toy-1-redrive-1' });
    await jobs.transition('toy-1', 'FAILED', { endedAt: '2026-01-01T00:02:00.000Z' }, 'toy-1-redrive-1');
    expect(types()).toEqual(['job-end FAILED', 'job-end FAILED']);
    expect(new Set(told.map(({ notice }) => notice.id)).size).toBe(2);
  });

  it('fails whoever recorded an end that it can’t tell, so that they come again', async () => {
    isDown = true;
    await expect(jobs.transition('toy-1', 'FAILED', { endedAt })).rejects.toThrow('the bus is down');
    expect(await jobs.get('toy-1')).toMatchObject({ status: 'FAILED' });
  });
});
