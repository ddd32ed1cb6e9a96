import { expect, it, vi } from 'vitest';
import { watchEngine } from '#workloads/reconstruct/engine-log';

it('a line now and then goes to the log, cut where it is long, and progress stays within what is expected', () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const told: number[][] = [];
  const logger = { info: (_: string, { line }: { line: string }) => lines.push(line) };
  const run = watchEngine(
    {
      logger: logger as never,
      signal: new AbortController().signal,
      progress: (done, total) => told.push([done, total]),
    },
    40,
  );
  vi.advanceTimersByTime(6_000);
  run.onLine!('Registering image #3 (2)');
  run.onLine!('soon after');
  vi.advanceTimersByTime(6_000);
  run.onLine!('  ');
  run.onLine!('x'.repeat(500));
  expect(lines).toEqual(['Registering image #3 (2)', 'x'.repeat(200)]);
  // A mapper does not know how many pictures it will place.
  run.onProgress!(12, 0);
  run.onProgress!(41, 0);
  expect(told).toEqual([
    [12, 40],
    [40, 40],
  ]);
  vi.useRealTimers();
});
