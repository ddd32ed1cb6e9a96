import { createHash, randomUUID } from 'node:crypto';

/**
 * A new job id: the workload's name, so that keys and roles can be scoped by it, and 32 hex digits. With a seed the
 * same seed gives the same id.
 */
export function jobId(workload: string, seed?: string): string {
  const digits = seed === undefined ? randomUUID().replaceAll('-', '') : sha256Hex(`${workload}\n${seed}`).slice(0, 32);
  return `${workload}-${digits}`;
}

/** Where one attempt of a step writes: `jobs/<jobId>/steps/<Step>[/<shard>]/attempt-<n>/`. */
export function attemptPrefix({ jobId, step, shard, attempt }: AttemptAddress): string {
  return `${stepPrefix({ jobId, step, ...(shard === undefined ? {} : { shard }) })}attempt-${attempt}/`;
}

/** Where all attempts of a step, or of one shard of it, lie. */
export function stepPrefix({ jobId, step, shard }: Omit<AttemptAddress, 'attempt'>): string {
  const shardFolder = shard === undefined ? '' : `${String(shard).padStart(4, '0')}/`;
  return `jobs/${jobId}/steps/${step}/${shardFolder}`;
}

export interface AttemptAddress {
  jobId: string;
  step: string;
  shard?: number;
  attempt: number;
}

/** `DetectObjects` → `detect-objects`: the file that a step lives in. */
export function kebabCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

/** The SHA-256 of a text or of bytes, as 64 hex digits. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and no space: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (isPlainObject(part) ? sortKeys(part) : part));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, value[key]]),
  );
}
