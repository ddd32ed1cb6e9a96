import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives the state machines of a folder of `<workload>.asl.json` files, as they are written. */
export function machinesIn(folder: string) {
  return async (workload: string): Promise<Record<string, unknown> | undefined> => {
    const file = join(folder, `${workload}.asl.json`);
    // Not every text that somebody asks with is a workload's name.
    if (!/^[a-z0-9-]+$/.test(workload) || !existsSync(file)) return undefined;
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  };
}
