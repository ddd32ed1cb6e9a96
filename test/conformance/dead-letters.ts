import { beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetter, DeadLetters } from '#core/ports';

/** A dead letter for tests. */
export function aLetter(changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    jobId: 'toy-1',
    workload: 'toy',
    team: 'default',
    execution: 'toy-1',
    error: { name: 'ToolError', message: 'no ffmpeg', step: 'Cut', details: { tool: 'ffmpeg' } },
    endedAt: '2026-01-01T00:01:00.000Z',
    ...changes,
  };
}

/** What every DeadLetters promises. `open` gives a queue that holds nothing. */
export function deadLettersSuite(name: string, open: () => Promise<DeadLetters>): void {
  describe(`${name} as DeadLetters`, () => {
    let letters: DeadLetters;
    beforeEach(async () => {
      letters = await open();
    });

    it('keeps a letter as it was given', async () => {
      await letters.put(aLetter());
      expect(await letters.list()).toEqual([aLetter()]);
    });

    it('keeps a letter that names no error', async () => {
      const { error: _error, ...letter } = aLetter();
      await letters.put(letter);
      expect(await letters.list()).toEqual([letter]);
    });

    it('lists the same letters again and again, oldest first', async () => {
      for (const [id, minute] of [
        [2, 5],
        [3, 2],
        [1, 9],
      ]) {
        await letters.put(aLetter({ jobId: `toy-${id}`, endedAt: `2026-01-01T00:0${minute}:00.000Z` }));
      }
      const ids = async () => (await letters.list()).map(({ jobId }) => jobId);
      expect(await ids()).toEqual(['toy-3', 'toy-2', 'toy-1']);
      expect(await ids()).toEqual(['toy-3', 'toy-2', 'toy-1']);
    });

    it('lists more letters than a batch has', async () => {
      const ids = Array.from({ length: 23 }, (_, index) => `toy-${String(index).padStart(2, '0')}`);
      await Promise.all(
        ids.map((jobId) => letters.put(aLetter({ jobId, endedAt: `2026-01-01T00:00:${jobId.slice(4)}.000Z` }))),
      );
      expect((await letters.list()).map(({ jobId }) => jobId)).toEqual(ids);
    });

    it('has one letter of an execution that is put twice', async () => {
      await letters.put(aLetter());
      await letters.put(aLetter());
      expect(await letters.list()).toEqual([aLetter()]);
    });

    it.each([
      { name: 'comes later', order: [0, 1] },
      { name: 'comes first', order: [1, 0] },
    ])('has the newest letter of a job, also where it $name', async ({ order }) => {
      const both = [aLetter(), aLetter({ execution: 'toy-1-redrive-1', endedAt: '2026-01-02T00:00:00.000Z' })];
      for (const index of order) await letters.put(both[index]!);
      expect(await letters.list()).toEqual([both[1]]);
    });

    it('gives a letter out once and for all, with those that it replaced', async () => {
      const newest = aLetter({ execution: 'toy-1-redrive-1', endedAt: '2026-01-02T00:00:00.000Z' });
      await letters.put(aLetter());
      await letters.put(newest);
      await letters.put(aLetter({ jobId: 'toy-2' }));
      expect(await letters.remove('toy-1')).toEqual(newest);
      expect(await letters.remove('toy-1')).toBeUndefined();
      expect(await letters.list()).toEqual([aLetter({ jobId: 'toy-2' })]);
    });

    it.each(['toy-9', '../toy-1', ''])('has no letter of %j', async (jobId) => {
      await letters.put(aLetter());
      expect(await letters.remove(jobId)).toBeUndefined();
      expect(await letters.list()).toHaveLength(1);
    });
  });
}
