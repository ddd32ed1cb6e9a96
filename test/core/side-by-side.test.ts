import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eachSideBySide, inOrderAhead } from '#core/side-by-side';

/** Work that takes longer for earlier items, and keeps count of how much is under way. */
function work(fails: number[] = []) {
  const seen = { most: 0, underway: 0, ended: [] as number[] };
  const run = async (item: number) => {
    seen.underway += 1;
    seen.most = Math.max(seen.most, seen.underway);
    await sleep(10 - item);
    seen.underway -= 1;
    seen.ended.push(item);
    if (fails.includes(item)) throw new Error(`item ${item}`);
    return item * 10;
  };
  return { run, seen };
}

const ITEMS = [1, 2, 3, 4, 5, 6];

describe('work side by side', () => {
  it('gives results in the order of the items', async () => {
    const results: number[] = [];
    for await (const result of inOrderAhead(ITEMS, 3, work().run)) results.push(result);
    expect(results).toEqual([10, 20, 30, 40, 50, 60]);
  });

  it.each([1, 3, 20])('never begins more than %i at a time', async (limit) => {
    const { run, seen } = work();
    await eachSideBySide(ITEMS, limit, run);
    expect(seen.most).toBe(Math.min(limit, ITEMS.length));
    expect(seen.ended.toSorted()).toEqual(ITEMS);
  });

  it('throws the first failure in order, when all that was begun has ended, and begins nothing more', async () => {
    const { run, seen } = work([2, 3]);
    await expect(eachSideBySide(ITEMS, 3, run)).rejects.toThrow('item 2');
    expect(seen.underway).toBe(0);
    expect(seen.ended).not.toContain(6);
  });

  it('takes items from a stream no faster than it works', async () => {
    let taken = 0;
    async function* stream() {
      for (const item of ITEMS) {
        taken += 1;
        yield item;
      }
    }
    const results = inOrderAhead(stream(), 2, work().run);
    await results.next();
    expect(taken).toBe(2);
    await results.return();
  });
});
