import { InputError } from '#core/errors';
import type { WorkloadRegistry } from '#core/ports';
import type { Workload } from '#core/workload';

/** Workloads by name, each loaded when it is asked for. */
export type WorkloadTable = Record<string, () => Promise<Workload>>;

export function openRegistry(workloads: WorkloadTable): WorkloadRegistry {
  return {
    async list() {
      return await Promise.all(Object.values(workloads).map((load) => load()));
    },
    async get(name) {
      const load = Object.hasOwn(workloads, name) ? workloads[name] : undefined;
      if (load) return await load();
      const known = Object.keys(workloads).sort().join(', ');
      throw new InputError(`There is no workload ${JSON.stringify(name)}. There are: ${known}.`, { details: { name } });
    },
  };
}
