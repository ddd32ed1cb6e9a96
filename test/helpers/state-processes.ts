import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** True while a process runs; a dead one that nobody has collected yet does not. */
export function isAlive(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)![0];
    return state !== 'Z';
  } catch {
    return false;
  }
}

/** Looks every few milliseconds until something is so. Fails the test when it never is. */
export async function until(what: () => boolean | Promise<boolean>, name: string): Promise<void> {
  for (let tries = 0; tries < 2000; tries += 1) {
    if (await what()) return;
    await sleep(10);
  }
  throw new Error(`It never came about that ${name}.`);
}
