import { InputError } from '#core/errors';
import { isSettled, type Job } from '#core/job';
import type { JobStore } from '#core/ports';
import { addCharges, type Charge, NO_CHARGE } from '#core/price';

export const USAGE_GROUPS = ['project', 'workload', 'day'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageQuery {
  team: string;
  /** UTC ISO-8601; jobs that ended then or later. */
  from: string;
  /** Jobs that ended before. */
  to: string;
  by: UsageGroup;
}

export interface UsageRow extends Charge {
  /** The project, the workload, or the day (UTC) on which the jobs ended. */
  name: string;
  jobs: number;
}

export interface UsageReport {
  rows: UsageRow[];
  total: UsageRow;
  /** Jobs that were recorded before are not in it. */
  recordedSince: string;
}

// A job that has not ended a month after it was recorded is not waited for: nothing may run or be redriven that long.
const LONGEST_LIFE_MS = 30 * 24 * 3600 * 1000;
const PAGE = 1000;
// Some hundred pages, which take some seconds. Whoever has more asks for shorter times.
const MOST_JOBS = 100_000;

/**
 * What a team's jobs took that ended between two times, added up from their records. Each job is counted once, at its end:
 * a job that was redriven has one end, with all its starts in its charge, and one that runs again has none.
 * @throws InputError for a time in which more jobs were recorded than are looked at.
 */
export async function usageOf({ team, from, to, by }: UsageQuery, jobs: Pick<JobStore, 'list'>): Promise<UsageReport> {
  const recordedSince = new Date(Date.parse(from) - LONGEST_LIFE_MS).toISOString();
  const rows = new Map<string, UsageRow>();
  let total = emptyRow('total');
  for await (const job of jobsOf({ team, since: recordedSince }, jobs)) {
    const { endedAt, charge, status } = job;
    if (!endedAt || !isSettled(status) || endedAt < from || endedAt >= to) continue;
    const name = nameOf(job, by);
    rows.set(name, counted(rows.get(name) ?? emptyRow(name), charge));
    total = counted(total, charge);
  }
  const sorted = [...rows.values()].sort((first, second) => (first.name < second.name ? -1 : 1));
  return { rows: sorted, total, recordedSince };
}

async function* jobsOf(query: { team: string; since: string }, jobs: Pick<JobStore, 'list'>): AsyncGenerator<Job> {
  let cursor: string | undefined;
  let looked = 0;
  do {
    const page = await jobs.list({ ...query, cursor, limit: PAGE });
    yield* page.jobs;
    looked += page.jobs.length;
    cursor = page.next;
    if (cursor !== undefined && looked >= MOST_JOBS) {
      throw new InputError(
        `More than ${MOST_JOBS} jobs were recorded since ${query.since}, which is as many as are added up at once. Ask for a later \`from\`.`,
      );
    }
  } while (cursor !== undefined);
}

function nameOf({ project, workload, endedAt }: Job, by: UsageGroup): string {
  return { project, workload, day: endedAt!.slice(0, 10) }[by];
}

function emptyRow(name: string): UsageRow {
  return { name, jobs: 0, ...NO_CHARGE };
}

/** A job that was cancelled before it began has nothing to charge, and counts. */
function counted({ name, jobs, ...sum }: UsageRow, charge: Charge | undefined): UsageRow {
  return { name, jobs: jobs + 1, ...(charge ? addCharges(sum, charge) : sum) };
}
