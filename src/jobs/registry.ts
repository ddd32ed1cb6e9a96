import { InputError } from '#core/errors';
import type { Job } from '#core/job';
import type { WorkloadRegistry } from '#core/ports';
import type { Workload } from '#core/workload';

/** Workloads by name, each loaded when it is asked for. */
export type WorkloadTable = Record<string, () => Promise<Workload>>;

/** Workloads that were registered while the platform runs, in several versions. */
export interface OutsideWorkloads {
  /** The current version of each. */
  list(): Promise<Workload[]>;
  /** A version, or the current one; undefined when there is none. */
  get(name: string, version?: string): Promise<Workload | undefined>;
  /** The version that a new job gets, by the weights of the release. */
  choose(name: string): Promise<Workload | undefined>;
  /** All versions of a workload, the oldest first. */
  versions(name: string): Promise<string[]>;
}

/** The workloads of the program, and those that were registered. Where both have a name, it is the program's. */
export function openRegistry(workloads: WorkloadTable, outside: OutsideWorkloads = NONE): WorkloadRegistry {
  const ours = (name: string) => (Object.hasOwn(workloads, name) ? workloads[name] : undefined);

  const missing = async (name: string): Promise<InputError> => {
    const registered = (await outside.list()).map((workload) => workload.name);
    const known = [...new Set([...Object.keys(workloads), ...registered])].sort().join(', ');
    return new InputError(`There is no workload ${JSON.stringify(name)}. There are: ${known}.`, { details: { name } });
  };
  const find = async (ref: string, current: (name: string) => Promise<Workload | undefined>): Promise<Workload> => {
    const [name = '', version] = ref.split('@');
    const load = ours(name);
    const found = load ? await load() : await (version === undefined ? current(name) : outside.get(name, version));
    if (found && (version === undefined || found.version === version)) return found;
    const versions = found ? [found.version] : await outside.versions(name);
    if (versions.length === 0) throw await missing(name);
    throw new InputError(`There is no version ${version} of ${name}. There are: ${versions.join(', ')}.`, {
      details: { name, versions },
    });
  };

  return {
    async list() {
      const registered = await outside.list();
      const own = await Promise.all(Object.values(workloads).map((load) => load()));
      return [...own, ...registered.filter(({ name }) => !ours(name))];
    },
    get: (ref) => find(ref, (name) => outside.get(name)),
    choose: (ref) => find(ref, (name) => outside.choose(name)),
    async ofJob({ workload, workloadVersion }) {
      const load = ours(workload);
      // The program has one version at a time, which goes on with the jobs of the one before.
      if (load) return await load();
      return await find(`${workload}@${workloadVersion}`, (name) => outside.get(name));
    },
  };
}

/** The workload of a job, in the version that it was accepted for. */
export async function workloadOf(
  job: Pick<Job, 'workload' | 'workloadVersion'>,
  registry: WorkloadRegistry,
): Promise<Workload> {
  return registry.ofJob ? await registry.ofJob(job) : await registry.get(job.workload);
}

const NONE: OutsideWorkloads = {
  list: async () => [],
  get: async () => undefined,
  choose: async () => undefined,
  versions: async () => [],
};
