import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLogs } from '#adapters/local/logs';
import { CREATED_AT, logsSuite, textOf, type WrittenLine } from '../../conformance/logs.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import toy from '../../helpers/toy/workload.ts';

function aLogFolder() {
  const folder = aFolder();
  const append = (jobId: string, name: string, text: string) => {
    mkdirSync(join(folder, jobId), { recursive: true });
    appendFileSync(join(folder, jobId, `${name}.jsonl`), text);
  };
  return { folder, append, logs: openLogs(folder) };
}

logsSuite('a folder of files', async () => {
  const { append, logs } = aLogFolder();
  return {
    logs,
    async write(...lines: WrittenLine[]) {
      for (const line of lines) {
        append(line.jobId, line.shard === undefined ? line.step : `${line.step}-${line.shard}`, `${textOf(line)}\n`);
      }
    },
  };
});

describe('the log of a step at home', () => {
  const job = { id: 'toy-1', workload: 'toy', createdAt: CREATED_AT };
  const query = { job, steps: toy.steps, limit: 1000 };
  const line = (second: number) =>
    `${textOf({ jobId: 'toy-1', step: 'CheckWords', second, message: `line ${second}` })}\n`;

  it('may hold what a crash printed, which stands where it was printed', async () => {
    const { append, logs } = aLogFolder();
    append('toy-1', 'CheckWords', `${line(1)}Error: no\n    at cut\n${line(2)}`);
    append(
      'toy-1',
      'WriteReport',
      textOf({ jobId: 'toy-1', step: 'WriteReport', second: 1.5, message: 'between' }).concat('\n'),
    );
    const { lines } = await logs.tail(query);
    expect(lines.map(({ message }) => message)).toEqual(['line 1', 'Error: no', '    at cut', 'between', 'line 2']);
  });

  it('gives a line when it is whole', async () => {
    const { append, logs } = aLogFolder();
    append('toy-1', 'CheckWords', `${line(1)}${line(2).slice(0, 20)}`);
    const { lines, next } = await logs.tail(query);
    expect(lines).toHaveLength(1);
    append('toy-1', 'CheckWords', line(2).slice(20));
    expect((await logs.tail({ ...query, after: next })).lines.map(({ message }) => message)).toEqual(['line 2']);
  });

  it('of many megabytes is read from its end, and by and by', async () => {
    const { append, logs } = aLogFolder();
    append('toy-1', 'CheckWords', Array.from({ length: 40_000 }, (_, index) => line(index)).join(''));
    const start = performance.now();
    const { lines, next } = await logs.tail({ ...query, limit: 5 });
    expect(lines.at(-1)!.message).toBe('line 39999');
    expect(performance.now() - start).toBeLessThan(2000);
    expect((await logs.tail({ ...query, after: next })).lines).toEqual([]);
  });

  it('with a line that has no end is given in pieces, and does not stop whoever reads on', async () => {
    const { append, logs } = aLogFolder();
    const { next: start } = await logs.tail(query);
    append('toy-1', 'CheckWords', `${'x'.repeat(600_000)}\n${line(1)}`);
    let read = 0;
    for (let after = start, looks = 0; looks < 5; looks += 1) {
      const page = await logs.tail({ ...query, after });
      read += page.lines.reduce((sum, { message }) => sum + message.length, 0);
      after = page.next;
    }
    expect(read).toBe(600_000 + 'line 1'.length);
  });

  it('of files that are no step’s is not shown, nor any file outside of the folder (path traversal)', async () => {
    const { append, logs } = aLogFolder();
    append('toy-1', 'Other', line(1));
    append('toy-2', 'CheckWords', line(2));
    const after = Buffer.from(JSON.stringify({ '../toy-2/CheckWords.jsonl': 0 })).toString('base64url');
    expect((await logs.tail({ ...query, after })).lines).toEqual([]);
    expect((await logs.tail({ ...query, job: { ...job, id: 'toy-none' } })).lines).toEqual([]);
  });
});
