import { InputError } from '#core/errors';

/** A form of multipart/form-data (RFC 7578) whose last field is a file. */
export interface FormFile {
  /** The fields before the file. */
  fields: Record<string, string>;
  /** The file as it comes; read it to its end. */
  file: AsyncGenerator<Uint8Array>;
}

// A policy and a signature, with room.
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_FIELDS = 50;
const FILE_FIELD = 'file';
const LINE_END = '\r\n';
const HEAD_END = Buffer.from(`${LINE_END}${LINE_END}`);

/**
 * Reads a form up to its file, and holds no more of it than a piece. @throws InputError for a form that is cut, has no file,
 * or has fields that are too long.
 */
export async function readFormFile(
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
): Promise<FormFile> {
  const boundary = boundaryOf(contentType);
  const between = Buffer.from(`\r\n--${boundary}`);
  // The first boundary has no line before it.
  const text = openScan(body, Buffer.from(LINE_END));
  await text.until(between, MAX_TEXT_BYTES);
  const fields: Record<string, string> = {};
  for (let count = 0; count <= MAX_FIELDS; count += 1) {
    const head = (await text.until(HEAD_END, MAX_TEXT_BYTES)).toString();
    const name = fieldName(head);
    if (name === FILE_FIELD) return { fields, file: text.pieces(between) };
    fields[name] = (await text.until(between, MAX_TEXT_BYTES)).toString();
  }
  throw malformed(`it has more than ${MAX_FIELDS} fields and no ${FILE_FIELD} among them`);
}

function boundaryOf(contentType = ''): string {
  const [, quoted, plain] =
    /^multipart\/form-data;.*\bboundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary !== undefined) return boundary;
  throw malformed(`its Content-Type is ${JSON.stringify(contentType)}; expected multipart/form-data with a boundary`);
}

function fieldName(head: string): string {
  // Behind the last boundary come two dashes, and no field.
  const name = /^\r\n(?:.*\r\n)*?content-disposition:\s*form-data;.*?\bname="([^"]*)"/i.exec(head)?.[1];
  if (name !== undefined) return name;
  throw malformed(head.startsWith('--') ? `it has no field ${FILE_FIELD}` : 'a field of it has no name');
}

function openScan(body: AsyncIterable<Uint8Array>, start: Buffer) {
  const source = body[Symbol.asyncIterator]();
  let held = start;
  /** @throws InputError at the end of the body: something was to come. */
  const more = async () => {
    const { value, done } = await source.next();
    if (done) throw malformed('it ends before its last boundary');
    held = Buffer.concat([held, value]);
  };
  return {
    /** What comes before `mark`, which is passed by. */
    async until(mark: Buffer, maxBytes: number): Promise<Buffer> {
      for (let from = 0; ; ) {
        const at = held.indexOf(mark, from);
        if (at !== -1 && at <= maxBytes) {
          const found = held.subarray(0, at);
          held = held.subarray(at + mark.length);
          return found;
        }
        if (held.length > maxBytes + mark.length)
          throw malformed(`a field or a head of it has more than ${maxBytes} bytes`);
        from = Math.max(0, held.length - mark.length);
        await more();
      }
    },

    /** The same, piece by piece. */
    async *pieces(mark: Buffer): AsyncGenerator<Uint8Array> {
      for (;;) {
        const at = held.indexOf(mark);
        // The beginning of a mark may be the end of what has come.
        const end = at === -1 ? held.length - mark.length + 1 : at;
        if (end > 0) yield held.subarray(0, end);
        if (at !== -1) return;
        held = held.subarray(Math.max(0, end));
        await more();
      }
    },
  };
}

function malformed(why: string): InputError {
  return new InputError(`The form can't be read: ${why}.`);
}
