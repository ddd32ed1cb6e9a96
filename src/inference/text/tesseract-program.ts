import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '#core/errors';
import { linesFromTsv } from './tesseract-tsv.ts';
import { type TextLine, type TextPicture, type TextReader, toPgm } from './text-reader.ts';

const run = promisify(execFile);

const START_MS = 20_000;
// A picture takes some 30 ms; one that takes this long each will not end.
const READ_MS = 300_000;
const MOST_OUTPUT = 256 * 2 ** 20;

/**
 * The version of the tesseract on the PATH (or of the one that STEPREEL_TESSERACT names), or undefined where there is none
 * that knows English.
 */
export async function tesseractVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await run(program(), ['--version'], { timeout: START_MS });
    const languages = await run(program(), ['--list-langs'], { timeout: START_MS });
    if (!/^eng$/m.test(languages.stdout)) return undefined;
    return /^tesseract v?(\S+)/m.exec(stdout)?.[1];
  } catch {
    // It is not there or does not run: the engine that comes with us reads instead.
    return undefined;
  }
}

/** Opens the native program. @throws ToolError where there is none that knows English. */
export async function openTesseractProgram({ threads = availableParallelism() } = {}): Promise<TextReader> {
  const version = await tesseractVersion();
  if (version === undefined) {
    throw new ToolError(
      'No native tesseract with English data was found. Install it with `apt install tesseract-ocr` (Debian, Ubuntu) or `brew install tesseract` (macOS), or choose the engine tesseract.js.',
    );
  }
  const slots = createSlots(threads);
  return {
    engine: { name: 'tesseract', version },
    async read(pictures, signal) {
      const shares = Array.from({ length: Math.min(threads, pictures.length) }, (_, share) => {
        const edge = (at: number) => Math.floor((at * pictures.length) / Math.min(threads, pictures.length));
        return pictures.slice(edge(share), edge(share + 1));
      });
      return (await Promise.all(shares.map((share) => slots(() => readList(share, signal))))).flat();
    },
    close: async () => undefined,
  };
}

function program(): string {
  return process.env.STEPREEL_TESSERACT || 'tesseract';
}

/** One process reads a list of pictures, so that its data is loaded once for all of them. */
async function readList(pictures: readonly TextPicture[], signal?: AbortSignal): Promise<TextLine[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-text-'));
  try {
    const files = pictures.map((_, at) => join(folder, `${at}.pgm`));
    for (const [at, picture] of pictures.entries()) await writeFile(files[at]!, toPgm(picture));
    await writeFile(join(folder, 'list.txt'), files.map((file) => `${file}\n`).join(''));
    const { stdout } = await run(
      program(),
      [join(folder, 'list.txt'), 'stdout', '-l', 'eng', '--oem', '1', '--psm', '6', 'tsv'],
      {
        // Its own threads only wait for each other; we run as many processes as there are cores.
        env: { ...process.env, OMP_THREAD_LIMIT: '1' },
        timeout: READ_MS,
        maxBuffer: MOST_OUTPUT,
        ...(signal ? { signal } : {}),
      },
    );
    return linesFromTsv(stdout, pictures.length);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ToolError(`tesseract could not read ${pictures.length} pictures: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets `count` works run at a time, in the order in which they came. */
function createSlots(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
