import { type FileHandle, open } from 'node:fs/promises';
import { ResourceError } from '#core/errors';

const FLUSH_CHARACTERS = 65_536;

export interface JsonLinesWriter {
  write(document: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Writes a file of one JSON document a line, a block at a time. @throws ResourceError when the disk is full. */
export async function openJsonLines(path: string): Promise<JsonLinesWriter> {
  const file = await open(path, 'w');
  let pending = '';
  async function flush(): Promise<void> {
    const block = pending;
    pending = '';
    await append(file, block);
  }
  return {
    async write(document) {
      pending += `${JSON.stringify(document)}\n`;
      if (pending.length >= FLUSH_CHARACTERS) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}

async function append(file: FileHandle, block: string): Promise<void> {
  try {
    await file.appendFile(block);
  } catch (cause) {
    const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
    throw isFull ? new ResourceError('The disk is full: the frame records could not be written.', { cause }) : cause;
  }
}
