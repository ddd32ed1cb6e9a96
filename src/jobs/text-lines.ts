import { InputError } from '#core/errors';

export interface TextLine {
  text: string;
  /** From 1. */
  number: number;
  /** How many bytes of the text lie before the next line. */
  end: number;
}

const NEW_LINE = 0x0a;

/**
 * The lines of a text that comes in pieces, without their ends, be those `\n` or `\r\n`; a byte order mark is left out.
 * No more than one line is held. @throws InputError for a line of more than `maxBytes`.
 */
export async function* textLines(pieces: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<TextLine> {
  let held = Buffer.alloc(0);
  let number = 1;
  let end = 0;
  const lineOf = (bytes: Buffer): TextLine => {
    if (bytes.length > maxBytes) throw tooLong(number, maxBytes);
    const text = bytes.toString().replace(/\r$/, '');
    return { text: number === 1 ? text.replace(/^\uFEFF/, '') : text, number, end };
  };
  for await (const piece of pieces) {
    let rest = Buffer.concat([held, piece]);
    for (let at = rest.indexOf(NEW_LINE); at !== -1; at = rest.indexOf(NEW_LINE)) {
      end += at + 1;
      yield lineOf(rest.subarray(0, at));
      number += 1;
      rest = rest.subarray(at + 1);
    }
    if (rest.length > maxBytes + 1) throw tooLong(number, maxBytes);
    held = rest;
  }
  if (held.length === 0) return;
  end += held.length;
  yield lineOf(held);
}

function tooLong(number: number, maxBytes: number): InputError {
  return new InputError(`Line ${number} has more than ${maxBytes} bytes. Write shorter lines.`, {
    details: { line: number },
  });
}
