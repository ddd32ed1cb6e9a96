import { describe, expect, it } from 'vitest';
import { createReaderThreads } from '#inference/text/reader-threads';

/** Threads with a name each, which note when they start and end. */
function namedThreads(most: number, failing: number[] = []) {
  const notes: string[] = [];
  let count = 0;
  const threads = createReaderThreads<string>(most, {
    async start() {
      count += 1;
      if (failing.includes(count)) throw new Error(`${count} does not start`);
      notes.push(`${count} starts`);
      return `${count}`;
    },
    end: async (name) => notes.push(`${name} ends`),
  });
  return { threads, notes };
}

describe('threads that read', () => {
  it('are not started without work', async () => {
    const { threads, notes } = namedThreads(2);
    await threads.close();
    expect(notes).toEqual([]);
  });

  it('are used again for the work that follows', async () => {
    const { threads, notes } = namedThreads(2);
    expect([await threads.use(async (name) => name), await threads.use(async (name) => name)]).toEqual(['1', '1']);
    await threads.close();
    expect(notes).toEqual(['1 starts', '1 ends']);
  });

  it('are as many as there is work at a time, and never more than allowed', async () => {
    const { threads, notes } = namedThreads(2);
    let [busy, mostBusy] = [0, 0];
    const work = async () => {
      busy += 1;
      mostBusy = Math.max(mostBusy, busy);
      await new Promise(setImmediate);
      busy -= 1;
    };
    await Promise.all(Array.from({ length: 7 }, () => threads.use(work)));
    expect([mostBusy, notes]).toEqual([2, ['1 starts', '2 starts']]);
  });

  it('do not keep work waiting that came after one that failed', async () => {
    const { threads } = namedThreads(1);
    const failed = threads.use(() => Promise.reject(new Error('torn page')));
    await expect(failed).rejects.toThrow('torn page');
    expect(await threads.use(async (name) => name)).toBe('1');
  });

  it('tell everybody why when one does not start, and end the others', async () => {
    const { threads, notes } = namedThreads(2, [2]);
    const results = await Promise.allSettled(['a', 'b', 'c'].map((page) => threads.use(async () => page)));
    expect(results.map(({ status }) => status)).toContain('rejected');
    await threads.close();
    expect(notes).toEqual(['1 starts', '1 ends']);
  });
});
