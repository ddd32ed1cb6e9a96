import { beforeEach, describe, expect, it } from 'vitest';
import type { LogQuery, Logs } from '#core/logs';
import toy from '../helpers/toy/workload.ts';

export interface WrittenLine {
  jobId: string;
  step: string;
  shard?: number;
  /** Seconds after the job was recorded. */
  second: number;
  message: string;
}

export interface WrittenLogs {
  logs: Logs;
  write(...lines: WrittenLine[]): Promise<void>;
}

export const CREATED_AT = '2026-01-01T00:00:00.000Z';

/** A line of ours, as steps write them. */
export function textOf({ jobId, step: phase, shard, second, message }: WrittenLine): string {
  const timestamp = new Date(Date.parse(CREATED_AT) + second * 1000).toISOString();
  return JSON.stringify({
    level: 'INFO',
    message,
    timestamp,
    correlationId: jobId,
    jobId,
    phase,
    ...(shard === undefined ? {} : { shard }),
  });
}

/** What all Logs promise. `open` gives some of a toy job that wrote nothing. */
export function logsSuite(name: string, open: () => Promise<WrittenLogs>): void {
  describe(`${name} as Logs`, () => {
    let written: WrittenLogs;
    beforeEach(async () => {
      written = await open();
    });

    const tail = (query: Partial<LogQuery> = {}) =>
      written.logs.tail({
        job: { id: 'toy-1', workload: 'toy', createdAt: CREATED_AT },
        steps: toy.steps,
        limit: 100,
        ...query,
      });
    const line = (second: number, step = 'CheckWords', more: Partial<WrittenLine> = {}): WrittenLine => ({
      jobId: 'toy-1',
      step,
      second,
      message: `line ${second}`,
      ...more,
    });
    const messages = async (query: Partial<LogQuery> = {}) => (await tail(query)).lines.map(({ message }) => message);

    it('have nothing of a job that wrote nothing, and a place to read on from', async () => {
      const { lines, next } = await tail();
      expect(lines).toEqual([]);
      await written.write(line(1));
      expect(await messages({ after: next })).toEqual(['line 1']);
    });

    it('give the lines of all steps and shards in the order of their times', async () => {
      await written.write(line(3, 'WriteReport'), line(1), line(2, 'CountLetters', { shard: 0 }));
      await written.write(line(2.5, 'CountLetters', { shard: 1 }));
      expect((await tail()).lines.map(({ step, shard, at }) => [step, shard, at.slice(17, 21)])).toEqual([
        ['CheckWords', undefined, '01.0'],
        ['CountLetters', 0, '02.0'],
        ['CountLetters', 1, '02.5'],
        ['WriteReport', undefined, '03.0'],
      ]);
    });

    it('give those of one step alone, and of no other job', async () => {
      await written.write(line(1), line(2, 'CountLetters', { shard: 0 }), line(3, 'SplitWords'));
      await written.write(line(4, 'CountLetters', { jobId: 'toy-2', shard: 0 }));
      expect(await messages({ steps: { CountLetters: toy.steps.CountLetters! } })).toEqual(['line 2']);
    });

    it('give the last ones, and then what came since, once', async () => {
      await written.write(...Array.from({ length: 10 }, (_, index) => line(index)));
      const { lines, next } = await tail({ limit: 3 });
      expect(lines.map(({ message }) => message)).toEqual(['line 7', 'line 8', 'line 9']);
      expect(await messages({ after: next })).toEqual([]);
      await written.write(line(9, 'WriteReport', { message: 'at the same time' }), line(11));
      const later = await tail({ after: next });
      expect(later.lines.map(({ message }) => message)).toEqual(['at the same time', 'line 11']);
      expect(await messages({ after: later.next })).toEqual([]);
    });

    it('give what came since page by page, and leave nothing out', async () => {
      const { next: start } = await tail();
      await written.write(
        ...Array.from({ length: 7 }, (_, index) => line(index, index % 2 ? 'CheckWords' : 'WriteReport')),
      );
      const found: string[] = [];
      for (let after = start; ; ) {
        const page = await tail({ after, limit: 3 });
        if (page.lines.length === 0) break;
        found.push(...page.lines.map(({ message }) => message));
        after = page.next;
      }
      expect(found).toEqual(Array.from({ length: 7 }, (_, index) => `line ${index}`));
    });

    it.each(['', 'x', 'bm8gSlNPTg', Buffer.from('{"at":"x"}').toString('base64url')])(
      'refuse a place that they did not give: %j',
      async (after) => {
        await expect(tail({ after })).rejects.toMatchObject({ name: 'InputError' });
      },
    );
  });
}
