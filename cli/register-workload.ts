import { join, resolve } from 'node:path';
import type { Release } from '#jobs/release';
import { openRegistration, type Registered } from '#runtime/outside/registered';
import { builtIn } from '#workloads/index';

export interface RegisterOptions {
  state: string;
  canary?: number;
}

/** `register`: a folder's workload is there for new jobs, also of a server that runs. */
export async function registerWorkload(folder: string, { state, canary }: RegisterOptions, json: boolean) {
  tell('registered', await registration(state).register(folder, canary), json);
}

/** `release`: which version new jobs get. */
export async function releaseWorkload(ref: string, { state, canary }: RegisterOptions, json: boolean) {
  tell('released', await registration(state).release(ref, canary), json);
}

/** `rollback`: the canary is taken back, or the version. */
export async function rollBackWorkload(name: string, { state }: RegisterOptions, json: boolean) {
  tell('rolled back', await registration(state).rollback(name), json);
}

function registration(state: string) {
  return openRegistration(join(resolve(state), 'workloads'), Object.keys(builtIn));
}

function tell(event: string, { name, version, release }: Registered, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ event, name, version, release })}\n`);
  else process.stdout.write(`${name}@${version} ${event}: ${describe(release)}\n`);
}

function describe({ current, canary }: Release): string {
  return canary
    ? `new jobs get ${current}, ${canary.percent} of a hundred get ${canary.version}`
    : `new jobs get ${current}`;
}
