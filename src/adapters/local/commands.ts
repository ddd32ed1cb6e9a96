import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ToolError } from '#core/errors';
import type { ChildEnd } from './children.ts';

export interface CommandRequest {
  /** The program and its arguments. */
  command: readonly string[];
  cwd: string;
  environment: Record<string, string | undefined>;
  signal: AbortSignal;
  /** How long the program has between SIGTERM and SIGKILL. */
  graceMs: number;
  onLine: (line: string) => void;
  onErrorLine: (line: string) => void;
}

/**
 * Runs somebody's program and hears its lines. It stays in our process group, so that who ends us ends it. When `signal`
 * aborts it gets SIGTERM, and SIGKILL after the grace period. Settles when the program has ended and all it printed is read.
 * @throws ToolError when there is no such program.
 */
export async function runCommand(request: CommandRequest): Promise<ChildEnd> {
  const { command, cwd, environment, signal, graceMs, onLine, onErrorLine } = request;
  signal.throwIfAborted();
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let graceTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    graceTimer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  const printed = Promise.all([eachLine(child.stdout, onLine), eachLine(child.stderr, onErrorLine)]);
  try {
    const end = await new Promise<ChildEnd>((resolve, reject) => {
      child.once('error', (cause: NodeJS.ErrnoException) => reject(startFailure(program, cwd, cause)));
      child.once('exit', (code, killedBy) => resolve(killedBy ? { killedBy } : { exitCode: code ?? 1 }));
    });
    await Promise.race([printed, closedSoon()]);
    return end;
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(graceTimer);
  }
}

// A child of the program's own may hold its pipes open after it; what it prints then is of no step.
const LAST_LINES_MS = 1_000;

function closedSoon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LAST_LINES_MS).unref());
}

async function eachLine(stream: Readable, hear: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) hear(line);
}

function startFailure(program: string, cwd: string, cause: NodeJS.ErrnoException): unknown {
  if (cause.code !== 'ENOENT' && cause.code !== 'EACCES') return cause;
  return new ToolError(
    `The program ${JSON.stringify(program)} can't be started in ${cwd}: ${cause.code === 'ENOENT' ? 'there is no such file, nor one on the PATH' : 'it is not executable'}. Install it, or correct the command of the step.`,
    { details: { program }, cause },
  );
}
