import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Watches a state folder: gives a text that stays the same for as long as nothing is stored there. Databases are asked
 * for their version, which each commit of another connection changes; of files the names are looked at, since the stores
 * never write into one that is there.
 */
export function watchStored(folder: string): { mark(): string; close(): void } {
  const databases = new Map<string, DatabaseSync>();
  const versionOf = (path: string) => {
    const database = databases.get(path) ?? new DatabaseSync(join(folder, path), { readOnly: true });
    databases.set(path, database);
    return database.prepare('PRAGMA data_version').get()!.data_version;
  };
  return {
    mark() {
      const paths = (readdirSync(folder, { recursive: true }) as string[]).sort();
      // SQLite's own files hold no more than the database says.
      const stored = paths.filter((path) => !/\.sqlite-(wal|shm|journal)$/.test(path));
      return stored.map((path) => (path.endsWith('.sqlite') ? `${path} ${versionOf(path)}` : path)).join('\n');
    },
    close() {
      for (const database of databases.values()) database.close();
    },
  };
}
