import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readFormFile } from '#runtime/jobs-api/form-file';

async function formOf(fields: Record<string, string>, file?: Blob): Promise<{ type: string; bytes: Buffer }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (file) form.append('file', file, 'clip "1".mp4');
  const request = new Request('http://host/', { method: 'POST', body: form });
  return { type: request.headers.get('content-type')!, bytes: Buffer.from(await request.arrayBuffer()) };
}

/** The form in pieces of this size. */
async function read(type: string | undefined, bytes: Buffer, piece: number) {
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const { fields, file } = await readFormFile(type, Readable.from(pieces));
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return { fields, file: Buffer.concat(chunks) };
}

const file = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));

describe('a form', () => {
  it.each([1, 2, 3, 17, 64, 1000, 1_000_000])('is read from pieces of %d bytes', async (piece) => {
    const { type, bytes } = await formOf({ policy: 'abc', text: 'one\r\ntwo\r\n' }, new Blob([file]));
    const form = await read(type, bytes, piece);
    expect(form.fields).toEqual({ policy: 'abc', text: 'one\r\ntwo\r\n' });
    expect(form.file.equals(file)).toBe(true);
  });

  it('may have a file that looks like its own boundaries', async () => {
    const tricky = Buffer.from('\r\n--\r\n------\r\n--formdata\r\n\r\n--');
    const { type, bytes } = await formOf({}, new Blob([tricky]));
    expect((await read(type, bytes, 5)).file.equals(tricky)).toBe(true);
  });

  it('may have an empty file, and a boundary in quotes', async () => {
    const bytes = Buffer.from(
      '--a b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n\r\n--a b--\r\n',
    );
    expect(await read('multipart/form-data; boundary="a b"', bytes, 9)).toEqual({ fields: {}, file: Buffer.alloc(0) });
  });
});

describe('what is no such form is refused', () => {
  const type = 'multipart/form-data; boundary=b';
  const field = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  it.each([
    { name: 'no type', type: undefined, text: '', says: /Content-Type/ },
    { name: 'another type', type: 'application/json', text: '{}', says: /Content-Type/ },
    { name: 'no boundary', type: 'multipart/form-data', text: '', says: /boundary/ },
    { name: 'nothing', type, text: '', says: /ends before/ },
    { name: 'no file', type, text: `${field('policy', 'x')}--b--\r\n\r\n`, says: /no field file/ },
    { name: 'a head without a name', type, text: '--b\r\nX: 1\r\n\r\nx\r\n--b--\r\n', says: /no name/ },
    { name: 'a cut file', type, text: field('file', 'half'), says: /ends before/ },
    { name: 'a long field', type, text: field('policy', 'x'.repeat(70_000)), says: /more than 65536/ },
    { name: 'too many fields', type, text: field('x', '').repeat(60), says: /more than 50 fields/ },
  ])('$name', async ({ type, text, says }) => {
    await expect(read(type, Buffer.from(text), 1000)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(says),
    });
  });
});
