import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ChildRequest {
  /** The program, a file that Node runs. */
  program: string;
  environment: Record<string, string | undefined>;
  /** File descriptor that takes what the child prints. */
  log: number;
  signal: AbortSignal;
  /** How long the child has between SIGTERM and SIGKILL. */
  graceMs: number;
  onMessage?: (message: unknown) => void;
}

export interface ChildEnd {
  exitCode?: number;
  killedBy?: NodeJS.Signals;
}

/**
 * Runs a Node program in a process group of its own, with an IPC channel whose closing tells it that we are gone. When
 * `signal` aborts, the group gets SIGTERM, and SIGKILL after the grace period. Settles when every process of the group
 * is dead, so that nothing of this attempt can write any more.
 */
export async function runChild({
  program,
  environment,
  log,
  signal,
  graceMs,
  onMessage,
}: ChildRequest): Promise<ChildEnd> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [program], {
    detached: true,
    env: environment,
    stdio: ['ignore', log, log, 'ipc'],
  });
  if (onMessage) child.on('message', onMessage);

  let graceTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child.pid, 'SIGTERM');
    graceTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', stop, { once: true });

  try {
    return await new Promise<ChildEnd>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, killedBy) => resolve(killedBy ? { killedBy } : { exitCode: code ?? 1 }));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(graceTimer);
    await endGroup(child.pid);
  }
}

// Ends what a child left behind: ffmpeg goes on when its parent is killed. A group whose dead members nobody has
// collected can still be signalled, so the wait has an end.
async function endGroup(pid: number | undefined): Promise<void> {
  for (let tries = 0; tries < 100 && signalGroup(pid, 'SIGKILL'); tries += 1) await sleep(5);
}

/** @returns whether there was anybody to signal. */
function signalGroup(pid: number | undefined, name: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, name);
    return true;
  } catch {
    return false;
  }
}
