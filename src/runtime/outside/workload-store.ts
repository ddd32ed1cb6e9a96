import type { Workload } from '#core/workload';
import type { Release } from '#jobs/release';

/** Where registered versions of workloads are kept. A version that is there stays what it is. */
export interface WorkloadStore {
  /** The names of all that are registered, in order. */
  names(): Promise<string[]>;
  /** The oldest first; none for a name that nobody registered. */
  versions(name: string): Promise<string[]>;
  /**
   * Adds a version, which is seen once `prepare` has made ready what it runs on. When that fails nothing is added, and the
   * same can be added again. @throws InputError when that version is there.
   */
  add(workload: Workload, prepare?: () => Promise<void>): Promise<void>;
  /** A version that is there. */
  load(name: string, version: string): Promise<Workload>;
  /** Which versions new jobs get; undefined before the first. */
  release(name: string): Promise<Release | undefined>;
  /** Changes the release; `change` may be called again with a newer one. @returns it as it is then. */
  changeRelease(name: string, change: (before: Release | undefined) => Release): Promise<Release>;
}

/** For a version that is there already. */
export function alreadyRegistered(name: string, version: string): string {
  return `${name}@${version} is registered already, and a version stays what it is. Give the new one another version.`;
}
