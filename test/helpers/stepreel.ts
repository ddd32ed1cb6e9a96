import { type ChildProcess, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  /** The documents of `--json`. */
  documents: Record<string, unknown>[];
}

interface Options {
  cwd?: string;
  env?: Record<string, string>;
  /** Is given the process when it has been started. */
  started?: (child: ChildProcess) => void;
}

/** Runs the command line as a person would, and waits for its end. */
export function stepreel(args: string[], { cwd, env = {}, started }: Options = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 64 * 2 ** 20 };
    const child = execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      const code = error ? Number(error.code) : 0;
      const documents = args.includes('--json') ? parseLines(stdout) : [];
      resolve({ code, stdout, stderr, documents });
    });
    started?.(child);
  });
}

function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
