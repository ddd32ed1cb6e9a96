import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobInput } from '#core/job';
import { sha256Hex } from '#core/names';
import type { ArtifactStore } from '#core/ports';
import { aFolder } from '../helpers/state-folder.ts';

/** A store, and how to give it an input that a job could name. */
export interface ArtifactStoreUnderTest {
  store: ArtifactStore;
  inputOf(name: string, bytes: Uint8Array): Promise<JobInput>;
}

/** What every ArtifactStore promises. */
export function artifactStoreSuite(name: string, open: () => Promise<ArtifactStoreUnderTest>): void {
  describe(`${name} as an ArtifactStore`, () => {
    let store: ArtifactStore;
    let inputOf: ArtifactStoreUnderTest['inputOf'];
    let scratch: string;

    beforeEach(async () => {
      ({ store, inputOf } = await open());
      scratch = aFolder();
    });

    const text = async (key: string) => Buffer.from(await store.read(key)).toString();

    it.each([
      { name: 'a text', data: 'grüße', bytes: 7 },
      { name: 'bytes', data: new Uint8Array([0, 255, 1]), bytes: 3 },
      { name: 'nothing', data: '', bytes: 0 },
    ])('keeps $name with its size and digest', async ({ data, bytes }) => {
      const stored = await store.putBytes('jobs/a/file.bin', data);
      expect(stored).toEqual({ key: 'jobs/a/file.bin', sha256: sha256Hex(data), bytes });
      expect(Buffer.from(await store.read('jobs/a/file.bin'))).toEqual(Buffer.from(data));
    });

    it('takes over a file', async () => {
      const path = join(scratch, 'frame.jpg');
      const data = Buffer.alloc(3 * 1024 ** 2, 7);
      await writeFile(path, data);
      const stored = await store.putFile('jobs/a/frame.jpg', path);
      expect(stored).toEqual({ key: 'jobs/a/frame.jpg', sha256: sha256Hex(data), bytes: data.length });
      expect(sha256Hex(await store.read('jobs/a/frame.jpg'))).toBe(stored.sha256);
    });

    it('keeps what it took over when the next file is written under the same name', async () => {
      const path = join(scratch, 'frame.jpg');
      await writeFile(path, 'one');
      await store.putFile('jobs/a/1', path);
      await writeFile(path, 'two');
      await store.putFile('jobs/a/2', path);
      expect([await text('jobs/a/1'), await text('jobs/a/2')]).toEqual(['one', 'two']);
    });

    it('replaces what lies under a key', async () => {
      await store.putBytes('jobs/a/file', 'old and longer');
      await store.putBytes('jobs/a/file', 'new');
      expect(await text('jobs/a/file')).toBe('new');
    });

    it('says which keys there are below a prefix, sorted, and only those', async () => {
      for (const key of ['jobs/b/2', 'jobs/a/x/1', 'jobs/a/2', 'jobs/ab/3']) await store.putBytes(key, key);
      expect(await store.list('jobs/a/')).toEqual(['jobs/a/2', 'jobs/a/x/1']);
      expect(await store.list('jobs/a')).toEqual(['jobs/a/2', 'jobs/a/x/1', 'jobs/ab/3']);
      expect(await store.list('nothing/')).toEqual([]);
    });

    it('knows whether something lies under a key', async () => {
      await store.putBytes('jobs/a/file', 'x');
      expect(await store.exists('jobs/a/file')).toBe(true);
      expect(await store.exists('jobs/a/other')).toBe(false);
    });

    it('gives a local file with the same bytes', async () => {
      await store.putBytes('jobs/a/file', 'x');
      expect(await readFile(await store.local('jobs/a/file', scratch), 'utf8')).toBe('x');
    });

    it.each(['read', 'local'] as const)('says InputNotFoundError when there is nothing to %s', async (method) => {
      await expect(store[method]('jobs/a/none', scratch)).rejects.toMatchObject({ name: 'InputNotFoundError' });
    });

    it('never shows a file in the making', async () => {
      const large = Buffer.alloc(4 * 1024 ** 2, 1);
      const putting = store.putBytes('jobs/a/large', large);
      const seen = new Set<number>();
      let done = false;
      void putting.finally(() => {
        done = true;
      });
      while (!done) {
        if (await store.exists('jobs/a/large')) seen.add((await store.read('jobs/a/large')).length);
      }
      await putting;
      seen.add((await store.read('jobs/a/large')).length);
      expect([...seen]).toEqual([large.length]);
      expect(await store.list('')).toEqual(['jobs/a/large']);
    });

    it('reads any part of an input', async () => {
      const input = await inputOf('clip.mp4', Buffer.from('0123456789'));
      const source = await store.openInput(input);
      expect(source.size).toBe(10);
      expect(Buffer.from(await source.read(3, 4)).toString()).toBe('3456');
      expect(Buffer.from(await source.read(8, 10)).toString()).toBe('89');
      await source.close();
    });

    it('gives a local file with an input', async () => {
      const input = await inputOf('clip.mp4', Buffer.from('bytes'));
      expect(await readFile(await store.localInput(input, scratch), 'utf8')).toBe('bytes');
    });

    it.each(['openInput', 'localInput'] as const)(
      'says InputNotFoundError for %s of an input that is gone',
      async (method) => {
        const input = await inputOf('clip.mp4', Buffer.from('bytes'));
        const gone = { ...input, uri: `${input.uri}-gone` };
        await expect(store[method](gone, scratch)).rejects.toMatchObject({ name: 'InputNotFoundError' });
      },
    );

    it('tells one input from another by its bytes or by itself, and the same always', async () => {
      const [one, other] = [await inputOf('a.mp4', Buffer.from('one')), await inputOf('b.mp4', Buffer.from('other'))];
      expect(await store.inputDigest(one)).toBe(await store.inputDigest(one));
      expect(await store.inputDigest(one)).not.toBe(await store.inputDigest(other));
    });

    it('notices by digest and stamp that an input was written to', async () => {
      const before = await inputOf('a.mp4', Buffer.from('before'));
      const [digest, stamp] = [await store.inputDigest(before), await store.inputStamp(before)];
      expect(await store.inputStamp(before)).toBe(stamp);
      const after = await inputOf('a.mp4', Buffer.from('after that'));
      expect(after.uri).toBe(before.uri);
      expect(await store.inputDigest(after)).not.toBe(digest);
      expect(await store.inputStamp(after)).not.toBe(stamp);
    });

    it.each(['inputDigest', 'inputStamp'] as const)(
      'says InputNotFoundError for %s of an input that is gone',
      async (method) => {
        const input = await inputOf('clip.mp4', Buffer.from('bytes'));
        const gone = { ...input, uri: `${input.uri}-gone` };
        await expect(store[method](gone)).rejects.toMatchObject({ name: 'InputNotFoundError' });
      },
    );
  });
}
