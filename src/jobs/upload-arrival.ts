import { z } from 'zod';
import { InputError, InputNotFoundError, isRefusal } from '#core/errors';
import type { Job, JobInput } from '#core/job';
import { jobId } from '#core/names';
import type { ArtifactStore } from '#core/ports';
import type { Workload } from '#core/workload';
import { RequestRefused } from './refusal.ts';
import { clientJobId, type SubmitPorts, submitJob } from './submit.ts';

/** A file that came under `incoming/<workload>/` without a request. */
export interface Arrival {
  team: string;
  /** `incoming/<workload>/…` */
  key: string;
  /** The same for the same content: it becomes one job, however often it is told of. */
  identity: string;
  input: JobInput;
  /** Where its parameters may lie. */
  sidecar: JobInput;
}

export interface ArrivalPorts extends SubmitPorts {
  artifacts: Pick<ArtifactStore, 'openInput'>;
}

/** The name that a record goes by when its file belongs to no workload. */
const UNMATCHED = 'unmatched';
export const SIDECAR_ENDING = '.json';
const MAX_SIDECAR_BYTES = 64 * 1024;

/** `incoming/<workload>/<path>`; both are empty for what is not of that form. */
export function partsOfKey(key: string): { workload: string; path: string } {
  const [, workload = '', path = ''] = /^incoming\/([^/]+)\/(.+)$/s.exec(key) ?? [];
  return { workload, path };
}

/**
 * Makes a file that arrived a job, once. Parameters may lie beside it before it arrives; nothing waits for them. What belongs
 * to no workload, or is refused, leaves a REJECTED record that says why.
 * @returns the job, or undefined for a sidecar.
 */
export async function acceptArrival(arrival: Arrival, ports: ArrivalPorts): Promise<Job | undefined> {
  const { team, key, identity, input } = arrival;
  const workload = await ports.registry.get(partsOfKey(key).workload).catch((thrown) => {
    if (isRefusal(thrown)) return undefined;
    throw thrown;
  });
  if (!workload) return await recordRejected(arrival, UNMATCHED, await unknownWorkload(key, ports), ports);
  if (isSidecar(key, workload)) return undefined;

  const id = clientJobId(workload.name, team, identity);
  const earlier = await ports.jobs.get(id);
  if (earlier) return earlier;
  try {
    requireEnding(key, workload);
    const params = await sidecarParams(arrival.sidecar, ports.artifacts);
    const request = { workload: workload.name, input: [input], params, team, key: identity };
    return (await submitJob(request, ports)).job;
  } catch (thrown) {
    if (thrown instanceof RequestRefused) {
      // The same file is being worked on elsewhere, or was between two versions of the sidecar: there is a job.
      const job = await ports.jobs.get(id);
      if (job) return job;
      throw thrown;
    }
    if (!isRefusal(thrown)) throw thrown;
    return await recordRejected(arrival, workload.name, thrown, ports, workload);
  }
}

async function unknownWorkload(key: string, { registry }: ArrivalPorts): Promise<InputError> {
  const names = (await registry.list()).map(({ name }) => `incoming/${name}/`).join(', ');
  return new InputError(`${key} belongs to no workload. Objects become jobs below: ${names}.`, { details: { key } });
}

/** `clip.mp4.json` carries the parameters of `clip.mp4`. */
function isSidecar(key: string, workload: Workload): boolean {
  return key.toLowerCase().endsWith(SIDECAR_ENDING) && hasEnding(key.slice(0, -SIDECAR_ENDING.length), workload);
}

function requireEnding(key: string, workload: Workload): void {
  if (hasEnding(key, workload)) return;
  throw new InputError(
    `${workload.name} takes no such file: ${key} ends with none of ${workload.input.endings.join(', ')} (upper or lower case).`,
    { details: { key } },
  );
}

/** True for a name that a workload takes, in upper or lower case. */
export function hasEnding(name: string, { input: { endings } }: Workload): boolean {
  return endings.some((ending) => name.toLowerCase().endsWith(ending.toLowerCase()));
}

async function sidecarParams(
  sidecar: JobInput,
  artifacts: ArrivalPorts['artifacts'],
): Promise<Record<string, unknown>> {
  const text = await readSmall(sidecar, artifacts);
  if (text === undefined) return {};
  const { uri } = sidecar;
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new InputError(`${uri} is not a JSON object of parameters.`, { details: { uri }, cause });
  }
}

async function readSmall(input: JobInput, artifacts: ArrivalPorts['artifacts']): Promise<string | undefined> {
  const source = await artifacts.openInput(input).catch((thrown) => {
    if (thrown instanceof InputNotFoundError) return undefined;
    throw thrown;
  });
  if (!source) return undefined;
  try {
    if (source.size <= MAX_SIDECAR_BYTES) return Buffer.from(await source.read(0, source.size)).toString();
    throw new InputError(`${input.uri} has ${source.size} bytes; parameters take at most ${MAX_SIDECAR_BYTES}.`);
  } finally {
    await source.close();
  }
}

async function recordRejected(
  { identity, input, team }: Arrival,
  name: string,
  { name: error, message }: Error,
  { jobs, now = () => new Date() }: ArrivalPorts,
  workload?: Workload,
): Promise<Job> {
  const at = now().toISOString();
  const id = name === UNMATCHED ? jobId(UNMATCHED, identity) : clientJobId(name, team, identity);
  const job: Job = {
    id,
    workload: name,
    workloadVersion: workload?.version ?? '0.0.0',
    team,
    project: 'default',
    priority: 'normal',
    pool: 'cpu',
    status: 'REJECTED',
    input: [input],
    params: {},
    error: { name: error, message },
    degraded: [],
    createdAt: at,
    endedAt: at,
  };
  return (await jobs.create(job)) ? job : (await jobs.get(id))!;
}
