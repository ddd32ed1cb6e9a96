import { describe, expect, it } from 'vitest';
import type { Progress } from '#core/job';
import { jobProgress } from '#runtime/job-progress';
import { jsonLogger } from '#runtime/json-log';
import { reportProgress } from '#runtime/progress';

function reporter(progress: (written: Progress) => Promise<unknown>) {
  let time = 0;
  const shown: number[] = [];
  const logged: string[] = [];
  const refused: number[] = [];
  const { report, flush } = reportProgress({
    jobs: { progress: async (_job, _execution, written) => (await progress(written)) !== false },
    onRefused: () => refused.push(time),
    jobId: 'toy-1',
    execution: 'e-1',
    step: 'Cut',
    logger: jsonLogger({}, (line) => logged.push(line)),
    onProgress: ({ done }) => shown.push(done),
    now: () => time,
  });
  const at = (ms: number, done: number) => {
    time = ms;
    report(done, 200);
  };
  return { at, flush, shown, logged, refused };
}

describe('progress of a step', () => {
  it('is recorded at most once a second, shown ten times as often, and the last of it always', async () => {
    const recorded: Progress[] = [];
    const { at, flush, shown } = reporter(async (progress) => void recorded.push(progress));
    for (let done = 1; done <= 200; done += 1) at(done * 10, done);
    await flush();
    expect(recorded.map(({ done }) => done)).toEqual([1, 101, 200]);
    expect(recorded[1]).toEqual({ step: 'Cut', percent: 50, done: 101, total: 200 });
    expect(shown).toHaveLength(21);
    expect(shown.at(-1)).toBe(200);
  });

  it('that is refused says so: the job runs no more (pitfall 20)', async () => {
    const { at, flush, refused } = reporter(async ({ done }) => done < 150);
    at(1_000, 100);
    await flush();
    expect(refused).toEqual([]);
    at(2_000, 150);
    await flush();
    expect(refused).toEqual([2_000]);
  });

  it('that was never told is not recorded', async () => {
    const recorded: Progress[] = [];
    await reporter(async (progress) => void recorded.push(progress)).flush();
    expect(recorded).toEqual([]);
  });

  it('that can not be recorded is logged, and the step goes on', async () => {
    const { at, flush, logged } = reporter(async () => {
      throw new Error('throttled');
    });
    at(0, 1);
    await flush();
    expect(JSON.parse(logged[0]!)).toMatchObject({ level: 'WARN', reason: 'Error: throttled' });
  });
});

describe('progress of a job', () => {
  it('adds shards up, and takes those that are not heard of yet for as large as the others', () => {
    const heard: Progress[] = [];
    const { event, report } = jobProgress((progress) => heard.push(progress));
    event({ at: '', type: 'MapStateStarted', state: 'Shards', length: 4 });
    report({ jobId: 'toy-1', step: 'Detect', shard: 0, done: 50, total: 100 });
    report({ jobId: 'toy-1', step: 'Detect', shard: 1, done: 50, total: 100 });
    report({ jobId: 'toy-1', step: 'Detect', shard: 0, done: 100, total: 100 });
    expect(heard).toEqual([
      { step: 'Detect', percent: 12, done: 50, total: 400 },
      { step: 'Detect', percent: 25, done: 100, total: 400 },
      { step: 'Detect', percent: 37, done: 150, total: 400 },
    ]);
  });

  it('of a step that runs once is its own', () => {
    const heard: Progress[] = [];
    const { report } = jobProgress((progress) => heard.push(progress));
    report({ jobId: 'toy-1', step: 'Cut', done: 0, total: 0 });
    report({ jobId: 'toy-1', step: 'Cut', done: 3, total: 4 });
    expect(heard.map(({ percent }) => percent)).toEqual([0, 75]);
  });
});
