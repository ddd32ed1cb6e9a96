import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DevServer {
  url: string;
  /** Asks it, and gives the answer's document. @throws when it answers with a status that is not in `wanted`. */
  ask<T>(method: string, path: string, body?: unknown, wanted?: number[]): Promise<T>;
  /** Resident memory in MiB and open handles of the server's own process (Linux). */
  footprint(): Promise<{ residentMiB: number; handles: number }>;
  process: ChildProcess;
  /** Ends it as Ctrl-C would. */
  stop(): Promise<void>;
}

/** Starts `server.ts` over a folder in a process of its own, so that its memory is its own too. */
export async function startServer(folder: string, variables: Record<string, string> = {}): Promise<DevServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  const ended = once(child, 'exit');
  const [first] = await Promise.race([once(child.stdout!, 'data'), ended]);
  if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}.`);
  const url = String(first).trim();
  return {
    url,
    process: child,
    async ask(method, path, body, wanted = [200, 201, 202]) {
      const init = body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) };
      const response = await fetch(`${url}${path}`, { method, ...init });
      const text = await response.text();
      if (!wanted.includes(response.status)) throw new Error(`${method} ${path} → ${response.status} ${text}`);
      return JSON.parse(text);
    },
    async footprint() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      const handles = await readdir(`/proc/${child.pid}/fd`);
      return { residentMiB: Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1_024, handles: handles.length };
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

const JSON_BODY = { 'Content-Type': 'application/json' };

/** Does `work` for each number from 0 to `count` - 1, at most `atOnce` side by side. */
export async function eachOf(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Waits until nothing is queued or runs any more. */
export async function untilIdle({ ask }: Pick<DevServer, 'ask'>): Promise<void> {
  for (;;) {
    const { jobs } = await ask<{ jobs: unknown[] }>('GET', '/jobs?status=QUEUED,STARTING,RUNNING,CANCELING&limit=1');
    if (jobs.length === 0) return;
    await new Promise((done) => setTimeout(done, 100));
  }
}
