import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Job, type JobState, mayBecome, movedOn } from '#core/job';
import { cursorAfter, NEWEST, OLDEST, placeBehind, placeOf } from '#core/job-list';
import type { JobStore } from '#core/ports';
import { laneName, laneOf } from '#core/queue';

// Another process holds the file for microseconds; ten seconds mean that something is wrong.
const BUSY_TIMEOUT_MS = 10_000;

// As `placeOf` has it, in SQL, so that an index can hold it.
const PLACE = "record ->> 'createdAt' || '#' || id";

// As `laneName` has it.
const LANE = "(record ->> 'pool') || '#' || (record ->> 'priority') || '#' || (record ->> 'team')";

const SCHEMA = `
  PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS attempts (
    job TEXT NOT NULL, step TEXT NOT NULL, shard INTEGER NOT NULL, latest INTEGER NOT NULL,
    PRIMARY KEY (job, step, shard)
  ) STRICT;
  DROP INDEX IF EXISTS queued;
  CREATE INDEX IF NOT EXISTS waiting ON jobs (${LANE}, ${PLACE}) WHERE record ->> 'status' = 'QUEUED';
  CREATE INDEX IF NOT EXISTS listed ON jobs (record ->> 'team', ${PLACE});
  CREATE INDEX IF NOT EXISTS batched ON jobs (record ->> 'batch', record ->> 'status')
    WHERE record ->> 'batch' IS NOT NULL;
`;

// A step that runs once; shards count from 0.
const NO_SHARD = -1;

/** Job records in one SQLite file, which several processes may have open. Dispose of it to close the file. */
export function openJobStore(file: string): JobStore & Disposable {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(SCHEMA);

  const insert = database.prepare('INSERT INTO jobs (id, record) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const select = database.prepare('SELECT record FROM jobs WHERE id = ?');
  const update = database.prepare('UPDATE jobs SET record = ? WHERE id = ?');
  const count = database.prepare(
    `INSERT INTO attempts (job, step, shard, latest) VALUES (?, ?, ?, 1)
     ON CONFLICT DO UPDATE SET latest = latest + 1 RETURNING latest`,
  );
  // From one lane's name to the next, so that a lane of ten thousand jobs is looked at once.
  const lanes = database.prepare(
    `WITH RECURSIVE lane (name) AS (
       SELECT min(${LANE}) FROM jobs WHERE record ->> 'status' = 'QUEUED' AND (${LANE}) >= :first AND (${LANE}) < :last
       UNION ALL
       SELECT (SELECT min(${LANE}) FROM jobs
               WHERE record ->> 'status' = 'QUEUED' AND (${LANE}) > lane.name AND (${LANE}) < :last)
       FROM lane WHERE lane.name IS NOT NULL
     ) SELECT name FROM lane WHERE name IS NOT NULL`,
  );
  const waiting = database.prepare(
    `SELECT record FROM jobs WHERE record ->> 'status' = 'QUEUED' AND (${LANE}) = ? AND (${PLACE}) > ?
     ORDER BY ${PLACE} LIMIT ?`,
  );
  const depth = database.prepare(
    `SELECT count(*) AS jobs FROM (
       SELECT 1 FROM jobs WHERE record ->> 'status' = 'QUEUED' AND (${LANE}) = ? AND (${PLACE}) < ? LIMIT ?)`,
  );
  const listed = database.prepare(
    `SELECT record FROM jobs WHERE record ->> 'team' = :team
     AND (${PLACE}) >= :since AND (${PLACE}) < :before
     AND (:workload IS NULL OR record ->> 'workload' = :workload)
     AND (:project IS NULL OR record ->> 'project' = :project)
     AND (:batch IS NULL OR record ->> 'batch' = :batch)
     AND (:status IS NULL OR record ->> 'status' IN (SELECT value FROM json_each(:status)))
     ORDER BY ${PLACE} DESC LIMIT :limit`,
  );
  const counted = database.prepare(
    `SELECT record ->> 'status' AS status, count(*) AS count FROM jobs
     WHERE record ->> 'batch' = ? AND record ->> 'batch' IS NOT NULL GROUP BY 1`,
  );
  const latest = database.prepare('SELECT latest FROM attempts WHERE job = ? AND step = ? AND shard = ?');

  const read = (id: string): Job | undefined => {
    const row = select.get(id);
    return row && (JSON.parse(String(row.record)) as Job);
  };

  /** Reads and writes one record with nobody in between; `change` answers undefined to leave it as it is. */
  const change = (id: string, change: (job: Job) => Job | undefined): Job | undefined => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const job = read(id);
      const changed = job && change(job);
      if (changed) update.run(JSON.stringify(changed), id);
      database.exec('COMMIT');
      return changed;
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  };

  return {
    async create(job) {
      return insert.run(job.id, JSON.stringify(job)).changes === 1;
    },
    async get(id) {
      return read(id);
    },
    async transition(id: string, to: JobState, changes: Partial<Job> = {}, execution?: string) {
      return change(id, (job) => {
        const meant = execution === undefined || job.execution === execution;
        return meant && mayBecome(job.status, to) ? movedOn(job, to, changes) : undefined;
      });
    },
    async plan(id, planned, reused) {
      const { execution } = planned;
      change(id, (job) => {
        const isPlanned = job.planned?.execution === execution;
        return isWaiting(job, execution) && !isPlanned ? { ...job, planned, ...(reused && { reused }) } : undefined;
      });
      const job = read(id);
      return job && isWaiting(job, execution) ? job : undefined;
    },
    async progress(id, execution, progress) {
      let runs = false;
      change(id, (job) => {
        runs = job.status === 'RUNNING' && job.execution === execution;
        if (!runs) return undefined;
        const backwards = job.progress?.step === progress.step && job.progress.percent > progress.percent;
        return backwards ? undefined : { ...job, progress };
      });
      return runs;
    },
    async nextAttempt(jobId, step, shard = NO_SHARD) {
      return Number(count.get(jobId, step, shard)!.latest);
    },
    async latestAttempt(jobId, step, shard = NO_SHARD) {
      return Number(latest.get(jobId, step, shard)?.latest ?? 0);
    },
    async lanes(pool) {
      // The sign behind '#' in ASCII ends the range of names that begin with the pool's.
      return lanes.all({ first: `${pool}#`, last: `${pool}$` }).map(({ name }) => laneOf(String(name)));
    },
    async waiting(lane, limit, after) {
      const rows = waiting.all(laneName(lane), after ? placeOf(after) : OLDEST, limit);
      return rows.map((row) => JSON.parse(String(row.record)) as Job);
    },
    async depth(lane, most, before = NEWEST) {
      return Number(depth.get(laneName(lane), before, most)!.jobs);
    },
    async list({ team, workload = null, project = null, batch = null, status, since = OLDEST, cursor, limit }) {
      const rows = listed.all({
        team,
        workload,
        project,
        batch,
        status: status ? JSON.stringify(status) : null,
        since,
        before: cursor === undefined ? NEWEST : placeBehind(cursor),
        // One more tells whether there is a next page.
        limit: limit + 1,
      });
      const jobs = rows.slice(0, limit).map((row) => JSON.parse(String(row.record)) as Job);
      return { jobs, ...(rows.length > limit ? { next: cursorAfter(jobs.at(-1)!) } : {}) };
    },
    async countsOf(batch) {
      return Object.fromEntries(counted.all(batch).map(({ status, count }) => [status, Number(count)]));
    },
    [Symbol.dispose]() {
      database.close();
    },
  };
}

function isWaiting(job: Job, execution: string): boolean {
  return job.status === 'QUEUED' && job.execution === execution;
}
