import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** The processes below one, as /proc tells. */
export function descendantsOf(pid: number): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** Waits until a process below `pid` has `text` in its command line. */
export async function descendantWith(pid: number, text: string, waitMs = 20_000): Promise<Process> {
  for (const end = Date.now() + waitMs; Date.now() < end; await sleep(5)) {
    const found = descendantsOf(pid).find(({ command }) => command.includes(text));
    if (found) return found;
  }
  throw new Error(`no process below ${pid} has ${text} in its command line`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readProcess(`${pid}`).some(({ command }) => command === '');
  } catch {
    return false;
  }
}

function readProcess(name: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return [
      { pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') },
    ];
  } catch {
    return []; // it ended while we looked
  }
}
