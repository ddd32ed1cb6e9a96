import type { OutsideWorkloads } from '#jobs/registry';
import { versionFor } from '#jobs/release';
import { loadOutside } from './outside-workload.ts';
import type { WorkloadStore } from './workload-store.ts';

/**
 * The workloads of a store, and those of `live` folders, which are read anew each time: whoever works on one sees what it
 * is now. What is registered while this runs is found.
 */
export function registeredIn(store: WorkloadStore, live: readonly string[] = []): OutsideWorkloads {
  const liveOnes = () => Promise.all(live.map((folder) => loadOutside(folder)));
  const liveNamed = async (name: string) => (await liveOnes()).find((workload) => workload.name === name);
  const registered = async (name: string, version: string) =>
    (await store.versions(name)).includes(version) ? await store.load(name, version) : undefined;

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
      const wanted = version ?? (await store.release(name))?.current;
      return wanted === undefined ? undefined : await registered(name, wanted);
    },
    async choose(name) {
      const own = await liveNamed(name);
      if (own) return own;
      const found = await store.release(name);
      return found && (await registered(name, versionFor(found, Math.random())));
    },
    async versions(name) {
      const own = await liveNamed(name);
      return [...new Set([...(await store.versions(name)), ...(own ? [own.version] : [])])];
    },
  };
  return outside;
}
