import { InputError } from '#core/errors';
import type { Workload } from '#core/workload';
import { type Release, releaseOf, rolledBack } from '#jobs/release';
import type { WorkloadStore } from './workload-store.ts';

export interface Registered {
  name: string;
  version: string;
  release: Release;
}

export interface Registration {
  /**
   * Takes a workload over in its version; new jobs get it, or with `percent` so many of a hundred.
   * @throws InputError when its name is taken or its version is there.
   */
  register(workload: Workload, percent?: number): Promise<Registered>;
  /** Gives a registered version, `name@version`, to new jobs: to all, or to so many of a hundred. */
  release(ref: string, percent?: number): Promise<Registered>;
  /** What is registered under a name; undefined for none. */
  read(name: string): Promise<{ versions: string[]; release?: Release } | undefined>;
  /** Takes a canary back, or the version. */
  rollback(name: string): Promise<Registered>;
}

export interface RegistrationOptions {
  store: WorkloadStore;
  /** The names of the program's own workloads. */
  taken: readonly string[];
  /** Makes what a version runs on. @throws InputError for a workload that can't run here. */
  prepare?: (workload: Workload) => Promise<void>;
}

/** The registration of workloads in a store. Whoever registers has read and checked the workload before. */
export function openRegistration({ store, taken, prepare = async () => {} }: RegistrationOptions): Registration {
  const requireKnown = async (name: string): Promise<string[]> => {
    const versions = await store.versions(name);
    if (versions.length > 0) return versions;
    const names = (await store.names()).join(', ');
    throw new InputError(`No workload ${name} is registered. There are: ${names || 'none yet'}.`);
  };
  return {
    async register(workload, percent) {
      const { name, version } = workload;
      requireFreeName(name, [...taken, ...(await store.names()).filter((other) => other !== name)], taken);
      await store.add(workload, () => prepare(workload));
      return {
        name,
        version,
        release: await store.changeRelease(name, (before) => releaseOf(before, version, percent)),
      };
    },

    async release(ref, percent) {
      const [name = '', version = ''] = ref.split('@');
      const versions = await requireKnown(name);
      if (!versions.includes(version)) {
        throw new InputError(
          `There is no version ${JSON.stringify(version)} of ${name}. Name one as ${name}@${versions.at(-1)}; there are: ${versions.join(', ')}.`,
        );
      }
      return {
        name,
        version,
        release: await store.changeRelease(name, (before) => releaseOf(before, version, percent)),
      };
    },

    async read(name) {
      const versions = await store.versions(name);
      const release = await store.release(name);
      return versions.length > 0 ? { versions, ...(release ? { release } : {}) } : undefined;
    },

    async rollback(name) {
      await requireKnown(name);
      const release = await store.changeRelease(name, (before) => rolledBack(name, before));
      return { name, version: release.current, release };
    },
  };
}

/** Job ids, keys and permissions begin with the name: none may begin another. */
function requireFreeName(name: string, others: readonly string[], taken: readonly string[]): void {
  if (taken.includes(name))
    throw new InputError(`${name} is a workload that ships with Stepreel. Choose another name.`);
  const near = others.find((other) => other.startsWith(`${name}-`) || name.startsWith(`${other}-`));
  if (near === undefined) return;
  throw new InputError(
    `The workloads ${name} and ${near} can't be told apart: the jobs of one begin with the other's name. Choose another name.`,
  );
}
