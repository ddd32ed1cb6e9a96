import { join, resolve } from 'node:path';
import { STANDARD_MACHINES } from '#core/workload-definition';
import type { Release } from '#jobs/release';
import { registeredSchema } from '#runtime/jobs-api/topics/registration';
import { openFolderStore } from '#runtime/outside/folder-store';
import { loadOutside } from '#runtime/outside/outside-workload';
import { openRegistration, type Registered } from '#runtime/outside/registration';
import { builtIn } from '#workloads/index';
import type { ApiClient } from './api-client.ts';

export interface RegisterOptions {
  /** The state folder of a server on this machine. */
  state: string;
  canary?: number;
  /** A platform elsewhere, instead. */
  api?: ApiClient;
}

/** `register`: a folder's workload is there for new jobs, also of a server that runs. */
export async function registerWorkload(folder: string, { state, canary, api }: RegisterOptions, json: boolean) {
  // Also where another machine decides: who sees here what does not fit need not wait for an answer.
  const workload = await loadOutside(folder);
  if (!api) return tell('registered', await registration(state).register(workload, canary), json);
  const { definition, machine } = workload.outside!;
  const own = definition.machine in STANDARD_MACHINES ? {} : { machine };
  const body = { definition, ...own, ...percentOf(canary) };
  tell('registered', await api.ask('POST', 'workloads', registeredSchema, { body }), json);
}

/** `release`: which version new jobs get. */
export async function releaseWorkload(ref: string, { state, canary, api }: RegisterOptions, json: boolean) {
  if (!api) return tell('released', await registration(state).release(ref, canary), json);
  const [name = '', version = ''] = ref.split('@');
  const body = { version, ...percentOf(canary) };
  const path = `workloads/${encodeURIComponent(name)}/release`;
  tell('released', await api.ask('POST', path, registeredSchema, { body }), json);
}

/** `rollback`: the canary is taken back, or the version. */
export async function rollBackWorkload(name: string, { state, api }: RegisterOptions, json: boolean) {
  if (!api) return tell('rolled back', await registration(state).rollback(name), json);
  tell('rolled back', await api.ask('POST', `workloads/${encodeURIComponent(name)}/rollback`, registeredSchema), json);
}

function registration(state: string) {
  return openRegistration({ store: openFolderStore(join(resolve(state), 'workloads')), taken: Object.keys(builtIn) });
}

function percentOf(canary: number | undefined): { percent?: number } {
  return canary === undefined ? {} : { percent: canary };
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
