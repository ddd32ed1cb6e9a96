import { compareVersions } from '#adapters/local/model-folders';
import type { Machine } from '#asl/definition';
import { InputError, TransientError } from '#core/errors';
import type { Records } from '#core/records';
import type { Workload } from '#core/workload';
import { STANDARD_MACHINES, type WorkloadDefinition } from '#core/workload-definition';
import type { Release } from '#jobs/release';
import { requireDefinition, wholeWorkload } from './outside-workload.ts';
import { alreadyRegistered, type WorkloadStore } from './workload-store.ts';

/** The kinds of records: a workload with its versions, and what each version is. */
const WORKLOAD = 'workload';
const VERSION = 'workload-version';

/** Of no team: `#` is in no team's name. */
const EVERYBODY = '#';

/** Of a record, which DynamoDB takes 400 KB of. */
const MOST_BYTES = 300_000;

// Whoever prepares a version is done, or dead, by then: the function that does it has half a minute.
const CLAIM_MS = 60_000;
const A_PAGE = 100;

interface KnownWorkload {
  versions: string[];
  release?: Release;
}

interface KnownVersion {
  definition: WorkloadDefinition;
  machine?: object;
  /** There while somebody makes it ready, UTC ISO-8601: until then nobody else may. */
  claimedUntil?: string;
}

/** Workloads as records beside the jobs. Their programs lie in images: nothing of this machine's is part of them. */
export function openRecordStore(records: Records, now: () => Date = () => new Date()): WorkloadStore {
  const loaded = new Map<string, Promise<Workload>>();
  const known = async (name: string) => (await records.get<KnownWorkload>(WORKLOAD, name))?.value;

  /** Lets one of several prepare a version. @throws InputError when it is there, TransientError while somebody else is at it. */
  const claim = async (id: string, value: KnownVersion, refusal: InputError): Promise<void> => {
    if (await records.create<KnownVersion>(VERSION, { id, team: EVERYBODY, value })) return;
    await records.update<KnownVersion>(VERSION, id, (before) => {
      if (before.claimedUntil === undefined) throw refusal;
      if (before.claimedUntil > now().toISOString()) {
        throw new TransientError(`${id} is being registered by somebody else. Try again in a minute.`);
      }
      return value;
    });
  };
  const changeKnown = async (
    name: string,
    change: (before: KnownWorkload) => KnownWorkload,
  ): Promise<KnownWorkload> => {
    for (;;) {
      const changed = await records.update<KnownWorkload>(WORKLOAD, name, change);
      if (changed) return changed.value;
      const value = change({ versions: [] });
      if (await records.create(WORKLOAD, { id: name, team: EVERYBODY, value })) return value;
    }
  };

  return {
    async names() {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await records.list<KnownWorkload>(WORKLOAD, { team: EVERYBODY, limit: A_PAGE, cursor });
        found.push(...page.records.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      return found.sort();
    },

    async versions(name) {
      return [...((await known(name))?.versions ?? [])].sort(compareVersions);
    },

    async add({ name, version, outside }, prepare = async () => {}) {
      const { definition, machine } = outside!;
      const own = definition.machine in STANDARD_MACHINES ? {} : { machine };
      const value: KnownVersion = { definition, ...own };
      const bytes = Buffer.byteLength(JSON.stringify(value));
      if (bytes > MOST_BYTES) {
        throw new InputError(
          `The definition and the machine of ${name}@${version} have ${bytes} bytes as JSON; at most ${MOST_BYTES} can be kept.`,
        );
      }
      const id = `${name}@${version}`;
      const claimedUntil = new Date(now().getTime() + CLAIM_MS).toISOString();
      await claim(id, { ...value, claimedUntil }, new InputError(alreadyRegistered(name, version)));
      try {
        await prepare();
      } catch (thrown) {
        await records.update<KnownVersion>(VERSION, id, (before) => ({ ...before, claimedUntil: now().toISOString() }));
        throw thrown;
      }
      await records.update<KnownVersion>(VERSION, id, () => value);
      await changeKnown(name, (before) => ({ ...before, versions: [...new Set([...before.versions, version])] }));
    },

    load(name, version) {
      const id = `${name}@${version}`;
      const load = async () => {
        const record = await records.get<KnownVersion>(VERSION, id);
        if (!record) throw new InputError(`There is no workload ${id}.`);
        const { definition, machine } = record.value;
        // No program of it is started where its records are read.
        return wholeWorkload(requireDefinition(definition, id), '/', machine as Machine | undefined);
      };
      const workload = loaded.get(id) ?? load();
      loaded.set(id, workload);
      workload.catch(() => loaded.delete(id));
      return workload;
    },

    async release(name) {
      return (await known(name))?.release;
    },

    async changeRelease(name, change) {
      return (await changeKnown(name, (before) => ({ ...before, release: change(before.release) }))).release!;
    },
  };
}
