import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CapacityError, MediaError, ResourceError, ToolError, TransientError } from '#core/errors';
import type { StageRun } from './engine.ts';
import { locateColmap } from './locate-colmap.ts';

/** Options of a COLMAP command: `{ 'SiftExtraction.use_gpu': 0 }`. Undefined ones are left out. */
export type ColmapOptions = Record<string, string | number | boolean | undefined>;

export interface ColmapEnd {
  exitCode: number | null;
  killedBy: NodeJS.Signals | null;
  /** The last lines that it wrote. */
  tail: string[];
}

// A child that does not end on SIGTERM within this time is killed.
const GRACE_MS = 5_000;
const KEPT_LINES = 40;

/**
 * Runs one COLMAP command to its end. @throws ToolError when there is none, TransientError when something outside ended it,
 * CapacityError when it misses the GPU it was told to use, ResourceError when the disk is full, the signal's reason on abort. Any other end is the caller's to judge.
 */
export async function runColmap(command: string, options: ColmapOptions, run: StageRun = {}): Promise<ColmapEnd> {
  const { signal, onLine } = run;
  const { path } = await locateColmap();
  signal?.throwIfAborted();
  const child = spawn(path, [command, ...colmapArguments(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    // pitfall 45: a build with a window may ask for a display even where it shows nothing.
    env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as Readable }).on('line', (line) => {
      if (line.trim() === '') return;
      tail.push(line.trim());
      if (tail.length > KEPT_LINES) tail.shift();
      onLine?.(line);
    });
  }
  let impatience: NodeJS.Timeout | undefined;
  const abort = () => {
    child.kill('SIGTERM');
    impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const [exitCode, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((settle, fail) => {
      child.once('error', (cause) => fail(new ToolError(`COLMAP could not be started: ${cause.message}.`, { cause })));
      child.once('close', (code, by) => settle([code, by]));
    });
    signal?.throwIfAborted();
    const end = { exitCode, killedBy, tail };
    throwWhatIsNoAnswer(command, end);
    return end;
  } finally {
    clearTimeout(impatience);
    signal?.removeEventListener('abort', abort);
  }
}

/** The command line of options. Flags are 0 and 1 for COLMAP. */
export function colmapArguments(options: ColmapOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, typeof value === 'boolean' ? String(Number(value)) : String(value)],
  );
}

/** The error for a command that should have gone well. */
export function colmapFailure(command: string, { exitCode, tail }: ColmapEnd): MediaError {
  const reason = tail.findLast((line) => /error|failed|check/i.test(line)) ?? tail.at(-1) ?? 'it said nothing';
  return new MediaError(`colmap ${command} ended with code ${exitCode} on these pictures: ${reason}`, {
    details: { command, exitCode, log: tail.slice(-10) },
  });
}

function throwWhatIsNoAnswer(command: string, { exitCode, killedBy, tail }: ColmapEnd): void {
  const details = { command, exitCode, killedBy, log: tail.slice(-10) };
  const text = tail.join('\n');
  if (/No space left on device|disk I\/O error|database or disk is full/i.test(text)) {
    throw new ResourceError(`The disk is full: colmap ${command} could not write its result.`, { details });
  }
  // pitfall 44: a GPU that is not there is no fault of the pictures, and the step has a twin on the CPU.
  if (/requires CUDA|no CUDA-capable device|CUDA driver version is insufficient|num_cuda_devices/i.test(text)) {
    throw new CapacityError(`colmap ${command} found no GPU that it can use, though it was placed on one.`, {
      details,
    });
  }
  if (
    killedBy === 'SIGKILL' ||
    exitCode === 137 ||
    /bad_alloc|Cannot allocate memory|CUDA error.*out of memory/i.test(text)
  ) {
    // The words that the platform looks for when it explains a failure and offers the next size (src/jobs/explain-failure).
    throw new TransientError(
      `colmap ${command} was killed or denied memory, as systems do when they are out of it: most likely out-of-memory. Give the step a larger size, or take a lower preset or fewer frames.`,
      { details },
    );
  }
  if (killedBy === 'SIGTERM' || killedBy === 'SIGINT' || killedBy === 'SIGHUP') {
    throw new TransientError(`colmap ${command} was ended from outside (${killedBy}). Try again.`, { details });
  }
  if (killedBy !== null) {
    throw new ToolError(`colmap ${command} crashed (${killedBy}): ${tail.at(-1) ?? 'it said nothing'}`, { details });
  }
}
