import { z } from 'zod';
import { InputError } from '#core/errors';

/** Which versions of a workload new jobs get. */
export const releaseSchema = z.object({
  current: z.string(),
  /** What a rollback goes back to. */
  previous: z.string().optional(),
  canary: z.object({ version: z.string(), percent: z.number().min(0).max(100) }).optional(),
});

export type Release = z.infer<typeof releaseSchema>;

/** The release after a version was registered, or released: all jobs get it, or with `percent` so many of a hundred. */
export function releaseOf(before: Release | undefined, version: string, percent = 100): Release {
  if (!before) return { current: version };
  if (version === before.current) return withoutCanary(before);
  if (percent < 100) return { ...withoutCanary(before), canary: { version, percent } };
  return { current: version, previous: before.current };
}

/**
 * The release after somebody took it back: without its canary, if it has one, else the version before.
 * @throws InputError when there was none before.
 */
export function rolledBack(name: string, release: Release | undefined): Release {
  if (release?.canary) return withoutCanary(release);
  if (release?.previous === undefined) {
    const since = release ? `has had no version before ${release.current}` : 'was never released';
    throw new InputError(`${name} ${since}: there is nothing to go back to.`);
  }
  return { current: release.previous, previous: release.current };
}

/** The version that a new job gets; `draw` is a number from 0 up to 1. */
export function versionFor({ current, canary }: Release, draw: number): string {
  return canary && draw * 100 < canary.percent ? canary.version : current;
}

function withoutCanary({ canary: _canary, ...release }: Release): Release {
  return release;
}
