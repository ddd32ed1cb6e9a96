import { openWorkloadFolders } from '#adapters/local/workload-folders';
import { InputError } from '#core/errors';
import type { Workload } from '#core/workload';
import type { OutsideWorkloads } from '#jobs/registry';
import { type Release, releaseOf, releaseSchema, rolledBack, versionFor } from '#jobs/release';
import { loadOutside } from './outside-workload.ts';

/**
 * The workloads that are registered in a folder, and those of `live` folders, which are read anew each time: whoever works
 * on one sees what it is now. What is registered while this runs is found.
 */
export function registeredIn(root: string, live: readonly string[] = []): OutsideWorkloads {
  const store = openWorkloadFolders(root);
  // A registered version never changes.
  const loaded = new Map<string, Promise<Workload>>();
  const load = (folder: string) => {
    const workload = loaded.get(folder) ?? loadOutside(folder);
    loaded.set(folder, workload);
    workload.catch(() => loaded.delete(folder));
    return workload;
  };
  const liveOnes = () => Promise.all(live.map((folder) => loadOutside(folder)));
  const liveNamed = async (name: string) => (await liveOnes()).find((workload) => workload.name === name);
  const registered = async (name: string, version: string) =>
    (await store.versions(name)).includes(version) ? await load(store.folderOf(name, version)) : undefined;
  const release = async (name: string) => parseRelease(name, await store.release(name));

  const outside: OutsideWorkloads = {
    async list() {
      const own = await liveOnes();
      const names = (await store.names()).filter((name) => !own.some((workload) => workload.name === name));
      const current = await Promise.all(names.map((name) => outside.get(name)));
      return [...own, ...current.filter((workload) => workload !== undefined)];
    },
    async get(name, version) {
      const own = await liveNamed(name);
      if (own && (version === undefined || version === own.version)) return own;
      const wanted = version ?? (await release(name))?.current;
      return wanted === undefined ? undefined : await registered(name, wanted);
    },
    async choose(name) {
      const own = await liveNamed(name);
      if (own) return own;
      const found = await release(name);
      return found && (await registered(name, versionFor(found, Math.random())));
    },
    async versions(name) {
      const own = await liveNamed(name);
      return [...new Set([...(await store.versions(name)), ...(own ? [own.version] : [])])];
    },
  };
  return outside;
}

export interface Registered {
  name: string;
  version: string;
  release: Release;
}

/** The registration of workloads on this machine: `taken` are the names that are the program's own. */
export function openRegistration(root: string, taken: readonly string[]) {
  const store = openWorkloadFolders(root);
  const requireRelease = async (name: string): Promise<Release> => {
    const found = parseRelease(name, await store.release(name));
    if (found) return found;
    const names = (await store.names()).join(', ');
    throw new InputError(`No workload ${name} is registered. There are: ${names || 'none yet'}.`);
  };
  return {
    /** Takes a folder's workload over, in its version. @throws InputError when it does not fit, or is there. */
    async register(folder: string, percent?: number): Promise<Registered> {
      const { name, version, outside } = await loadOutside(folder);
      requireFreeName(name, [...taken, ...(await store.names()).filter((other) => other !== name)], taken);
      await store.add(name, version, outside!.folder);
      const release = releaseOf(parseRelease(name, await store.release(name)), version, percent);
      await store.putRelease(name, release);
      return { name, version, release };
    },
    /** Gives a registered version to new jobs: to all, or to so many of a hundred. */
    async release(ref: string, percent?: number): Promise<Registered> {
      const [name = '', version = ''] = ref.split('@');
      const before = await requireRelease(name);
      const versions = await store.versions(name);
      if (!versions.includes(version)) {
        throw new InputError(
          `There is no version ${JSON.stringify(version)} of ${name}. Name one as ${name}@${versions.at(-1)}; there are: ${versions.join(', ')}.`,
        );
      }
      const release = releaseOf(before, version, percent);
      await store.putRelease(name, release);
      return { name, version, release };
    },
    async rollback(name: string): Promise<Registered> {
      const release = rolledBack(name, await requireRelease(name));
      await store.putRelease(name, release);
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

function parseRelease(name: string, document: unknown): Release | undefined {
  if (document === undefined) return undefined;
  const checked = releaseSchema.safeParse(document);
  if (checked.success) return checked.data;
  throw new InputError(`The release of ${name} can't be read: ${checked.error.message}. Register it again.`);
}
