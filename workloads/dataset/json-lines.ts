import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type FrameLine, frameSchema } from './contract.ts';

/** The documents of a JSON Lines file, one at a time. */
export async function* readJsonLines(path: string): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.length > 0) yield JSON.parse(line);
  }
}

/** The frames among the lines of frames.jsonl that were kept. */
export async function* keptFrames(lines: AsyncIterable<unknown>): AsyncGenerator<FrameLine & { file: string }> {
  for await (const frame of frameFiles(lines)) {
    if (frame.verdict === 'kept') yield frame;
  }
}

/** The frames that have a picture: the kept ones and, when all were asked for, those that cleaning dropped. */
export async function* frameFiles(lines: AsyncIterable<unknown>): AsyncGenerator<FrameLine & { file: string }> {
  for await (const line of lines) {
    const frame = frameSchema.parse(line);
    if (frame.file !== undefined) yield { ...frame, file: frame.file };
  }
}
