import { beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '#core/names';
import type { PartedUpload, Uploads } from '#core/ports';

export interface UploadsUnderTest {
  uploads: Uploads;
  /** Where a form or a part is sent to; the usual `fetch` where the store listens itself. */
  send: (url: string, init: RequestInit) => Promise<Response>;
  /** What lies at an address. */
  read: (uri: string) => Promise<Buffer>;
  /** The least bytes that the store takes as a part which is not the last. */
  leastPartBytes: number;
}

/** What all Uploads promise of files that come in. */
export function uploadsSuite(
  name: string,
  open: () => Promise<UploadsUnderTest>,
  { listsParts = true }: { listsParts?: boolean } = {},
): void {
  describe(`${name} as Uploads`, () => {
    let store: UploadsUnderTest;
    beforeEach(async () => {
      store = await open();
    });
    const request = { team: 'red', name: '../my clip.mp4', mediaType: 'video/mp4', maxBytes: 1000 };
    const post = async (fields: Record<string, string>, url: string, file: string) => {
      const form = new FormData();
      for (const [field, value] of Object.entries(fields)) form.append(field, value);
      form.append('file', new Blob([file]), 'clip.mp4');
      return await store.send(url, { method: 'POST', body: form });
    };

    it('finds nothing before a file has come', async () => {
      const { uri } = await store.uploads.presign(request);
      expect(uri).toMatch(/\/red\/[0-9a-f-]{36}\/my-clip.mp4$/);
      expect(await store.uploads.find(uri)).toBeUndefined();
    });

    it('takes a file by its form, and knows its size and digest', async () => {
      const { uri, url, fields } = await store.uploads.presign(request);
      expect((await post(fields, url, 'bytes')).ok).toBe(true);
      const file = (await store.uploads.find(uri))!;
      expect(file.bytes).toBe(5);
      expect(await store.uploads.digest(file)).toBe(sha256Hex('bytes'));
      expect((await store.read(file.uri)).toString()).toBe('bytes');
    });

    it('keeps uploads of one name apart', async () => {
      const [one, other] = [await store.uploads.presign(request), await store.uploads.presign(request)];
      await post(one.fields, one.url, 'one');
      await post(other.fields, other.url, 'other');
      expect((await store.read(one.uri)).toString()).toBe('one');
    });

    describe('a file in parts', () => {
      let upload: PartedUpload;
      const put = async (number: number, bytes: Buffer) =>
        await store.send(await store.uploads.signPart(upload, { number, bytes: bytes.length }), {
          method: 'PUT',
          body: new Uint8Array(bytes),
        });
      const first = () => Buffer.alloc(store.leastPartBytes, 'a');

      beforeEach(async () => {
        upload = await store.uploads.openParts(request);
      });

      it.runIf(listsParts)('tells which parts have come, in order', async () => {
        expect(await store.uploads.listParts(upload)).toEqual([]);
        const end = await put(2, Buffer.from('end'));
        const start = await put(1, first());
        expect(await store.uploads.listParts(upload)).toEqual([
          { number: 1, bytes: store.leastPartBytes, etag: start.headers.get('etag') },
          { number: 2, bytes: 3, etag: end.headers.get('etag') },
        ]);
      });

      it('comes in any order, and is one file when it is joined', async () => {
        const end = (await put(2, Buffer.from('end'))).headers.get('etag')!;
        const start = (await put(1, first())).headers.get('etag')!;
        expect(await store.uploads.find(upload.uri)).toBeUndefined();
        await store.uploads.joinParts(upload, [
          { number: 1, bytes: store.leastPartBytes, etag: start },
          { number: 2, bytes: 3, etag: end },
        ]);
        const file = (await store.uploads.find(upload.uri))!;
        expect(await store.uploads.digest(file)).toBe(sha256Hex(Buffer.concat([first(), Buffer.from('end')])));
      });

      it('may have a part sent again, and the newest counts', async () => {
        const old = (await put(1, Buffer.from('old'))).headers.get('etag');
        const etag = (await put(1, Buffer.from('new part'))).headers.get('etag')!;
        expect(etag).not.toBe(old);
        await store.uploads.joinParts(upload, [{ number: 1, bytes: 8, etag }]);
        expect((await store.read(upload.uri)).toString()).toBe('new part');
      });

      it('is taken back, as often as is wanted', async () => {
        await put(1, Buffer.from('part'));
        await store.uploads.remove(upload);
        await store.uploads.remove(upload);
        expect(await store.uploads.find(upload.uri)).toBeUndefined();
        expect(await store.uploads.listParts(upload).catch(() => [])).toEqual([]);
      });
    });

    it('takes a whole file back', async () => {
      const { uri, url, fields } = await store.uploads.presign(request);
      await post(fields, url, 'bytes');
      await store.uploads.remove({ uri });
      expect(await store.uploads.find(uri)).toBeUndefined();
    });
  });
}
