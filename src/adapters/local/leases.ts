import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type HeldLease, type Lease, type Leases, poolQuota, type Quota, type Taking } from '#core/leases';
import { POOLS } from '#core/queue';

// Another process holds the file for microseconds; ten seconds mean that something is wrong.
const BUSY_TIMEOUT_MS = 10_000;

const SCHEMA = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS leases (
    quota TEXT NOT NULL, holder TEXT NOT NULL, job TEXT NOT NULL, token TEXT NOT NULL, until TEXT NOT NULL,
    PRIMARY KEY (quota, holder)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS paused (quota TEXT PRIMARY KEY) STRICT;
`;

const FIELDS = 'quota, holder, job AS jobId, token, until';

/** Leases in one SQLite file, which several processes may have open. Dispose of it to close the file. */
export function openLeases(file: string): Leases & Disposable {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);

  const own = database.prepare('SELECT token FROM leases WHERE quota = ? AND holder = ?');
  const taken = database.prepare('SELECT count(*) AS places FROM leases WHERE quota = ?');
  const insert = database.prepare('INSERT INTO leases (quota, holder, job, token, until) VALUES (?, ?, ?, ?, ?)');
  const renew = database.prepare('UPDATE leases SET until = ? WHERE quota = ? AND holder = ?');
  const remove = database.prepare(
    'DELETE FROM leases WHERE quota = :quota AND holder = :holder AND (:token IS NULL OR token = :token)',
  );
  const ofQuota = database.prepare(`SELECT ${FIELDS} FROM leases WHERE quota = ? ORDER BY holder`);
  const everyOne = database.prepare(`SELECT ${FIELDS} FROM leases ORDER BY holder, quota`);
  const isPaused = database.prepare('SELECT 1 FROM paused WHERE quota = ?');
  const pause = database.prepare('INSERT INTO paused (quota) VALUES (?) ON CONFLICT DO NOTHING');
  const resume = database.prepare('DELETE FROM paused WHERE quota = ?');

  const take = (quota: Quota, { holder, jobId, token, until }: Lease, limit: number): Taking => {
    const there = own.get(quota, holder);
    if (there && there.token !== token) return 'held';
    if (there) {
      renew.run(until, quota, holder);
      return 'taken';
    }
    if (isPaused.get(quota)) return 'paused';
    if (Number(taken.get(quota)!.places) >= limit) return 'full';
    insert.run(quota, holder, jobId, token, until);
    return 'taken';
  };

  return {
    async take(quota, lease, limit) {
      // Nobody comes between the count and the insert.
      database.exec('BEGIN IMMEDIATE');
      try {
        const taking = take(quota, lease, limit);
        database.exec('COMMIT');
        return taking;
      } catch (thrown) {
        database.exec('ROLLBACK');
        throw thrown;
      }
    },
    async renew(quota, holder, until) {
      renew.run(until, quota, holder);
    },
    async give(quota, holder, token) {
      remove.run({ quota, holder, token: token ?? null });
    },
    async held(quota) {
      return ofQuota.all(quota).map((row) => leaseOf(row as unknown as HeldLease));
    },
    async all() {
      return everyOne.all().map((row) => ({ ...(row as unknown as HeldLease) }));
    },
    async pause(pool) {
      pause.run(poolQuota(pool));
    },
    async resume(pool) {
      resume.run(poolQuota(pool));
    },
    async paused() {
      return POOLS.filter((pool) => isPaused.get(poolQuota(pool)) !== undefined);
    },
    [Symbol.dispose]() {
      database.close();
    },
  };
}

function leaseOf({ holder, jobId, token, until }: HeldLease): Lease {
  return { holder, jobId, token, until };
}
