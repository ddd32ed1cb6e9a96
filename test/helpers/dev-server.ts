import type { ChildProcess } from 'node:child_process';
import { afterAll } from 'vitest';
import { type Ended, stepreel } from './stepreel.ts';

const started: ChildProcess[] = [];
// A test that failed on its way has not stopped its server.
afterAll(() => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGTERM');
});

export interface DevServer {
  url: string;
  process: ChildProcess;
  /** Ends it as Ctrl-C does, and tells how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Starts `stepreel dev` on a free port, as a person would, and waits until it serves. */
export async function startDevServer(
  cwd: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<DevServer> {
  let child: ChildProcess | undefined;
  const ended = stepreel(['dev', '--port', '0', ...args], { cwd, env, started: (one) => (child = one) });
  started.push(child!);
  const url = await Promise.race([
    firstLine(child!),
    ended.then(({ code, stderr }) => Promise.reject(new Error(`stepreel dev ended with ${code}: ${stderr}`))),
  ]);
  return {
    url,
    process: child!,
    stop(signal = 'SIGINT') {
      child!.kill(signal);
      return ended;
    },
  };
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((found) => {
    let text = '';
    stdout!.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) found(text.slice(0, text.indexOf('\n')));
    });
  });
}
