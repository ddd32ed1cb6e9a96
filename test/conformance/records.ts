import { beforeEach, describe, expect, it } from 'vitest';
import type { Records } from '#core/records';

interface Note {
  text: string;
  count: number;
}

/** What all Records promise. `open` gives a store that holds nothing, whose clock is the given one. */
export function recordsSuite(name: string, open: (now: () => Date) => Promise<Records>): void {
  describe(`${name} as Records`, () => {
    let store: Records;
    let now: Date;
    beforeEach(async () => {
      now = new Date('2026-01-01T00:00:00.000Z');
      store = await open(() => now);
    });
    const after = (seconds: number) => {
      now = new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
      return now.toISOString();
    };
    const add = (id: string, changes: Partial<Note> = {}, team = 'red') =>
      store.create<Note>('note', { id, team, value: { text: id, count: 0, ...changes } });

    it('keeps a record as it was given', async () => {
      const value = { text: 'grüße', count: 2 ** 60, '': [null, { a: 1e-300 }] };
      expect(await store.create('note', { id: 'n-1', team: 'red', value })).toBe(true);
      const record = { id: 'n-1', team: 'red', value, createdAt: '2026-01-01T00:00:00.000Z' };
      expect(await store.get('note', 'n-1')).toEqual(record);
      expect(await store.get('note', 'n-2')).toBeUndefined();
      expect(await store.get('letter', 'n-1')).toBeUndefined();
    });

    it('does not replace what is there', async () => {
      await add('n-1');
      expect(await add('n-1', { text: 'other' })).toBe(false);
      expect((await store.get<Note>('note', 'n-1'))!.value.text).toBe('n-1');
      expect(await store.create('letter', { id: 'n-1', team: 'red', value: {} })).toBe(true);
    });

    it('is created by one of many', async () => {
      const made = await Promise.all(Array.from({ length: 10 }, () => add('n-1')));
      expect(made.filter(Boolean)).toHaveLength(1);
    });

    it('loses no change of many at once', async () => {
      await add('n-1');
      const count = () => store.update<Note>('note', 'n-1', (note) => ({ ...note, count: note.count + 1 }));
      await Promise.all(Array.from({ length: 10 }, count));
      expect((await store.get<Note>('note', 'n-1'))!.value.count).toBe(10);
    });

    it('changes what it may, and says how it is then', async () => {
      await add('n-1');
      const once = (note: Note) => (note.count === 0 ? { ...note, count: 1 } : undefined);
      expect((await store.update('note', 'n-1', once))!.value).toEqual({ text: 'n-1', count: 1 });
      expect(await store.update('note', 'n-1', once)).toBeUndefined();
      expect(await store.update('note', 'n-2', once)).toBeUndefined();
    });

    it('leaves a record whose change throws as it was', async () => {
      await add('n-1');
      const refuse = () => {
        throw new Error('not this one');
      };
      await expect(store.update('note', 'n-1', refuse)).rejects.toThrow('not this one');
      expect((await store.get<Note>('note', 'n-1'))!.value.count).toBe(0);
    });

    it('removes once', async () => {
      await add('n-1');
      expect(await store.remove('note', 'n-1')).toBe(true);
      expect(await store.remove('note', 'n-1')).toBe(false);
      expect(await store.get('note', 'n-1')).toBeUndefined();
    });

    it('forgets what has expired, and takes its id anew', async () => {
      const expiresAt = '2026-01-01T00:01:00.000Z';
      await store.create('note', { id: 'n-1', team: 'red', value: { text: 'old', count: 0 }, expiresAt });
      await store.create('note', { id: 'n-2', team: 'red', value: { text: 'kept', count: 0 }, expiresAt });
      await store.update<Note>('note', 'n-2', (note) => note, { expiresAt: '2026-01-01T01:00:00.000Z' });
      expect(await store.get('note', 'n-1')).toMatchObject({ expiresAt });
      after(60);
      expect(await store.get('note', 'n-1')).toBeUndefined();
      expect(await store.update('note', 'n-1', (value) => value)).toBeUndefined();
      expect((await store.list('note', { team: 'red', limit: 9 })).records.map(({ id }) => id)).toEqual(['n-2']);
      expect(await add('n-1')).toBe(true);
      expect(await store.get('note', 'n-1')).toEqual(
        expect.objectContaining({ createdAt: now.toISOString(), value: { text: 'n-1', count: 0 } }),
      );
    });

    it("lists a team's records of a kind, newest first, page by page", async () => {
      for (let second = 0; second < 7; second += 1) {
        after(second);
        await add(`n-${second}`);
      }
      await add('n-blue', {}, 'blue');
      await store.create('letter', { id: 'l-1', team: 'red', value: {} });
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list('note', { team: 'red', limit: 3, cursor });
        pages.push(page.records.map(({ id }) => id));
        cursor = page.next;
        after(60 + pages.length);
        await add(`late-${pages.length}`);
      } while (cursor !== undefined);
      expect(pages).toEqual([['n-6', 'n-5', 'n-4'], ['n-3', 'n-2', 'n-1'], ['n-0']]);
      expect(await store.list('note', { team: 'none', limit: 3 })).toEqual({ records: [] });
    });

    it('refuses a cursor that no page gave', async () => {
      await expect(store.list('note', { team: 'red', limit: 3, cursor: 'x' })).rejects.toMatchObject({
        name: 'InputError',
      });
    });
  });
}
