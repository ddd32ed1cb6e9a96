import { openWorkloadFolders } from '#adapters/local/workload-folders';
import { InputError } from '#core/errors';
import type { Workload } from '#core/workload';
import type { OutsideWorkloads } from '#jobs/registry';
import { type Release, releaseSchema } from '#jobs/release';
import { loadOutside } from './outside-workload.ts';
import { registeredIn } from './registered.ts';
import type { WorkloadStore } from './workload-store.ts';

/** Workloads as copies of their folders, programs and all: the registry of `stepreel dev`. */
export function openFolderStore(root: string): WorkloadStore {
  const folders = openWorkloadFolders(root);
  const loaded = new Map<string, Promise<Workload>>();
  const release = async (name: string) => parseRelease(name, await folders.release(name));
  return {
    names: folders.names,
    versions: folders.versions,
    async add({ name, version, outside }, prepare = async () => {}) {
      await prepare();
      await folders.add(name, version, outside!.folder);
    },
    load(name, version) {
      const folder = folders.folderOf(name, version);
      const workload = loaded.get(folder) ?? loadOutside(folder);
      loaded.set(folder, workload);
      workload.catch(() => loaded.delete(folder));
      return workload;
    },
    release,
    async changeRelease(name, change) {
      const changed = change(await release(name));
      await folders.putRelease(name, changed);
      return changed;
    },
  };
}

/** The workloads that are registered in a folder, and those of `live` folders beside it. */
export function registeredFolders(root: string, live: readonly string[] = []): OutsideWorkloads {
  return registeredIn(openFolderStore(root), live);
}

function parseRelease(name: string, document: unknown): Release | undefined {
  if (document === undefined) return undefined;
  const checked = releaseSchema.safeParse(document);
  if (checked.success) return checked.data;
  throw new InputError(`The release of ${name} can't be read: ${checked.error.message}. Register it again.`);
}
