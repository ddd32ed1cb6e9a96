import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '#core/errors';
import { type LogLine, type LogQuery, type Logs, logLineOf } from '#core/logs';

const ENDING = '.jsonl';
// Of each file at a time. A tail is its end; who follows reads on from where that was.
const WINDOW_BYTES = 256 * 1024;

/** The logs of steps as files of a folder: `<job>/<Step>.jsonl`, `<job>/<Step>-<shard>.jsonl`. */
export function openLogs(folder: string): Logs {
  return {
    async tail({ job, steps, after, limit }) {
      const places = after === undefined ? undefined : placesIn(after);
      const found: FileLine[] = [];
      const read: Places = {};
      for (const file of await filesOf(join(folder, job.id), steps)) {
        const window = await readWindow(join(folder, job.id, file.name), places ? (places[file.name] ?? 0) : undefined);
        read[file.name] = window.start;
        found.push(...linesOf(window, file));
      }
      // Within a file in the order of the file, whatever its lines say of their time.
      const ordered = found.toSorted((a, b) => (a.line.at < b.line.at ? -1 : a.line.at > b.line.at ? 1 : 0));
      const taken = places ? ordered.slice(0, limit) : ordered.slice(-limit);
      // A tail leaves out what is older, for good; who reads on leaves nothing out.
      for (const { name, end } of places ? taken : ordered) read[name] = Math.max(read[name] ?? 0, end);
      return { lines: taken.map(({ line }) => line), next: Buffer.from(JSON.stringify(read)).toString('base64url') };
    },
  };
}

interface StepFile {
  name: string;
  step: string;
  shard?: number;
}

async function filesOf(folder: string, steps: LogQuery['steps']): Promise<StepFile[]> {
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  return names.sort().flatMap((name) => {
    const [, step, shard] = /^(\w+?)(?:-(\d+))?\.jsonl$/.exec(name) ?? [];
    if (!name.endsWith(ENDING) || step === undefined || !(step in steps)) return [];
    return [{ name, step, ...(shard === undefined ? {} : { shard: Number(shard) }) }];
  });
}

interface Window {
  /** Where in the file it begins. */
  start: number;
  bytes: Buffer;
  /** For lines that tell no time. */
  writtenAt: string;
}

/** Whole lines of a file from `from` on, or its last ones. */
async function readWindow(path: string, from: number | undefined): Promise<Window> {
  const { size, mtime } = await stat(path);
  const start = Math.min(size, from ?? Math.max(0, size - WINDOW_BYTES));
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(WINDOW_BYTES, size - start)), {
      position: start,
    });
    const bytes = buffer.subarray(0, bytesRead);
    // The window of a tail may begin within a line. One longer than the window is given as it is, in pieces.
    const skipped = from === undefined && start > 0 ? bytes.indexOf('\n') + 1 : 0;
    const end = bytes.lastIndexOf('\n') + 1 || (bytesRead === WINDOW_BYTES ? bytesRead : 0);
    return { start: start + skipped, bytes: bytes.subarray(skipped, end), writtenAt: mtime.toISOString() };
  } finally {
    await file.close();
  }
}

interface FileLine {
  name: string;
  line: LogLine;
  /** Where in the file the line after it begins. */
  end: number;
}

function linesOf({ start, bytes, writtenAt }: Window, { name, step, shard }: StepFile): FileLine[] {
  const lines: FileLine[] = [];
  let at = writtenAt;
  for (let offset = 0; offset < bytes.length; ) {
    const newline = bytes.indexOf('\n', offset);
    const next = newline === -1 ? bytes.length : newline + 1;
    const text = bytes.subarray(offset, next).toString().trimEnd();
    offset = next;
    const line = logLineOf(text, { at, step, ...(shard === undefined ? {} : { shard }) });
    if (!line) continue;
    // What a program prints without a time comes right after what came before it.
    at = line.at;
    lines.push({ name, line: { ...line, step }, end: start + next });
  }
  return lines;
}

const placesSchema = z.record(z.string(), z.int().nonnegative());
type Places = z.infer<typeof placesSchema>;

function placesIn(after: string): Places {
  try {
    return placesSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch (cause) {
    throw new InputError('`after` is not the `next` of an answer before. Leave it out to get the last lines.', {
      cause,
    });
  }
}
