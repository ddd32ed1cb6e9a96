import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { cursorAfter, NEWEST, placeBehind, placeOf } from '#core/job-list';
import type { Records, StoredRecord } from '#core/records';

// Another process holds the file for microseconds; ten seconds mean that something is wrong.
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, id TEXT NOT NULL, team TEXT NOT NULL, place TEXT NOT NULL, createdAt TEXT NOT NULL,
    expiresAt TEXT, value TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS listed ON records (kind, team, place);
  CREATE INDEX IF NOT EXISTS expiring ON records (expiresAt) WHERE expiresAt IS NOT NULL;
`;

/**
 * Records in one SQLite file, which several processes may have open. It is opened at the first use: most processes that
 * know a state folder never ask for one. Dispose of it to close the file.
 */
export function openRecords(file: string, now: () => Date = () => new Date()): Records & Disposable {
  let opened: Table | undefined;
  const table = () => {
    opened ??= openTable(file);
    return opened;
  };
  const at = () => now().toISOString();

  return {
    async create(kind, { id, team, value, expiresAt }) {
      const createdAt = at();
      table().forgetExpired.run(createdAt);
      const row = { kind, id, team, place: placeOf({ createdAt, id }), createdAt };
      return table().insert.run({ ...row, expiresAt: expiresAt ?? null, value: JSON.stringify(value) }).changes === 1;
    },

    async get<Value>(kind: string, id: string) {
      return recordOf<Value>(table().select.get({ kind, id, now: at() }));
    },

    async update<Value>(
      kind: string,
      id: string,
      change: (value: Value) => Value | undefined,
      options: { expiresAt?: string } = {},
    ) {
      return table().alone(() => {
        const record = recordOf<Value>(table().select.get({ kind, id, now: at() }));
        const value = record && change(record.value);
        if (!record || value === undefined) return undefined;
        const changed = { ...record, ...options, value };
        table().replace.run({ kind, id, value: JSON.stringify(value), expiresAt: changed.expiresAt ?? null });
        return changed;
      });
    },

    async list<Value>(kind: string, { team, cursor, limit }: { team: string; cursor?: string; limit: number }) {
      const before = cursor === undefined ? NEWEST : placeBehind(cursor);
      // One more tells whether there is a next page.
      const rows = table().page.all({ kind, team, before, now: at(), limit: limit + 1 });
      const records = rows.slice(0, limit).map((row) => recordOf<Value>(row)!);
      return { records, ...(rows.length > limit ? { next: cursorAfter(records.at(-1)!) } : {}) };
    },

    async remove(kind, id) {
      return table().remove.run({ kind, id }).changes === 1;
    },

    [Symbol.dispose]() {
      opened?.close();
      opened = undefined;
    },
  } satisfies Records & Disposable;
}

type Table = ReturnType<typeof openTable>;

function openTable(file: string) {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);
  const isThere = '(expiresAt IS NULL OR expiresAt > :now)';
  return {
    insert: database.prepare(
      `INSERT INTO records (kind, id, team, place, createdAt, expiresAt, value)
       VALUES (:kind, :id, :team, :place, :createdAt, :expiresAt, :value) ON CONFLICT DO NOTHING`,
    ),
    select: database.prepare(`SELECT * FROM records WHERE kind = :kind AND id = :id AND ${isThere}`),
    replace: database.prepare(
      'UPDATE records SET value = :value, expiresAt = :expiresAt WHERE kind = :kind AND id = :id',
    ),
    page: database.prepare(
      `SELECT * FROM records WHERE kind = :kind AND team = :team AND place < :before AND ${isThere}
       ORDER BY place DESC LIMIT :limit`,
    ),
    remove: database.prepare('DELETE FROM records WHERE kind = :kind AND id = :id'),
    forgetExpired: database.prepare('DELETE FROM records WHERE expiresAt <= ?'),
    /** Reads and writes with nobody in between. */
    alone<T>(work: () => T): T {
      database.exec('BEGIN IMMEDIATE');
      try {
        const done = work();
        database.exec('COMMIT');
        return done;
      } catch (thrown) {
        database.exec('ROLLBACK');
        throw thrown;
      }
    },
    close: () => database.close(),
  };
}

function recordOf<Value>(row: Record<string, unknown> | undefined): StoredRecord<Value> | undefined {
  if (!row) return undefined;
  const { id, team, createdAt, expiresAt, value } = row as Record<string, string | null>;
  return {
    id: id!,
    team: team!,
    createdAt: createdAt!,
    ...(expiresAt === null ? {} : { expiresAt: expiresAt! }),
    value: JSON.parse(value!) as Value,
  };
}
