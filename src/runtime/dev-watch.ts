import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { RequestRefused } from '#jobs/refusal';
import { type ArrivalPorts, acceptArrival, SIDECAR_ENDING } from '#jobs/upload-arrival';

export interface WatchOptions {
  /** Files below `<folder>/<workload>/` become jobs. */
  folder: string;
  team: string;
  onFault: (thrown: unknown) => void;
}

// A file that is being copied changes all the time; one that was moved here has not changed for long.
const STILL_MS = 2_000;
const LOOK_MS = 500;
// Where a file system tells of no changes, looking now and then does.
const LOOK_ANYWAY_MS = 15_000;

/** Programs that copy and download write under such names first. */
const UNFINISHED = /^\.|~$|\.(part|partial|tmp|crdownload|download)$/i;

/**
 * Makes each file that comes to lie in the folder a job, once: the same file by its path, size and time is the same job,
 * after a restart too. `<file>.json` beside it, there first, has its parameters. What belongs to no workload leaves a
 * REJECTED record. @returns how to end it.
 */
export async function watchFolder({ folder, team, onFault }: WatchOptions, ports: ArrivalPorts) {
  await mkdir(folder, { recursive: true });
  const done = new Map<string, string>();
  let isDue = true;
  let looking: Promise<void> | undefined;
  let lookedAt = 0;

  /** @returns false while the file is not still. */
  const take = async (path: string): Promise<boolean> => {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return true;
    const version = `${found.size}-${found.mtimeMs}`;
    if (done.get(path) === version) return true;
    if (Date.now() - Math.max(found.mtimeMs, found.ctimeMs) < STILL_MS) return false;
    const key = `incoming/${relative(folder, path)}`;
    const input = { name: basename(path), uri: path };
    const sidecar = { name: `${input.name}${SIDECAR_ENDING}`, uri: `${path}${SIDECAR_ENDING}` };
    await acceptArrival({ team, key, identity: `${path}?${version}`, input, sidecar }, ports);
    done.set(path, version);
    return true;
  };

  const look = async () => {
    isDue = false;
    lookedAt = Date.now();
    const paths = await filesBelow(folder);
    const there = new Set(paths);
    for (const path of done.keys()) if (!there.has(path)) done.delete(path);
    for (const path of paths) {
      // One that can't be taken now is looked at again in a while.
      const isStill = await take(path).catch((thrown) => {
        if (!(thrown instanceof RequestRefused)) onFault(thrown);
        return true;
      });
      isDue ||= !isStill;
    }
  };

  const timer = setInterval(() => {
    if (looking || (!isDue && Date.now() - lookedAt < LOOK_ANYWAY_MS)) return;
    looking = look()
      .catch(onFault)
      .finally(() => {
        looking = undefined;
      });
  }, LOOK_MS);
  const watcher = watchChanges(folder, () => {
    isDue = true;
  });

  return async () => {
    clearInterval(timer);
    watcher?.close();
    await looking;
  };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Only hastens what looking finds anyway: not every file system can tell, and not of everything. */
function watchChanges(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { recursive: true }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
