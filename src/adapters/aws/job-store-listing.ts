import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Job } from '#core/job';
import { NEWEST, OLDEST, placeBehind, placeOf } from '#core/job-list';
import type { JobQuery } from '#core/ports';

const FILTERS = ['workload', 'project'] as const;
const OF_WHOM = ['team', 'batch'] as const;

/** A query of the index, or undefined when nothing can lie between the bounds: DynamoDB refuses to look there. */
export function listingOf({ team, batch, since = OLDEST, status, ...query }: JobQuery): Listing | undefined {
  const before = placeBefore(query);
  if (since > before || status?.length === 0) return undefined;
  const filters = FILTERS.filter((name) => query[name] !== undefined);
  const states = (status ?? []).map((state, index) => [`:status${index}`, state] as const);
  const conditions = [
    ...(batch === undefined ? [] : ['#team = :team']),
    ...filters.map((name) => `#${name} = :${name}`),
    ...(states.length > 0 ? [`#status IN (${states.map(([name]) => name).join(', ')})`] : []),
  ];
  const names = [...filters, ...(states.length > 0 ? ['status'] : [])];
  return {
    IndexName: batch === undefined ? 'by-team' : 'by-batch',
    ScanIndexForward: false,
    KeyConditionExpression: `${batch === undefined ? '#team = :team' : '#batch = :batch'} AND #listed BETWEEN :since AND :before`,
    ...(conditions.length > 0 ? { FilterExpression: conditions.join(' AND ') } : {}),
    ExpressionAttributeNames: Object.fromEntries(
      ['team', 'listed', ...(batch === undefined ? [] : ['batch']), ...names].map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: {
      ':team': team,
      ...(batch === undefined ? {} : { ':batch': batch }),
      ':since': since,
      ':before': before,
      ...Object.fromEntries(filters.map((name) => [`:${name}`, query[name]])),
      ...Object.fromEntries(states),
    },
  };
}

/** A query for nothing but the states of a batch's members. */
export function countingOf(batch: string): Listing {
  return {
    IndexName: 'by-batch',
    KeyConditionExpression: '#batch = :batch',
    ProjectionExpression: '#status',
    ExpressionAttributeNames: { '#batch': 'batch', '#status': 'status' },
    ExpressionAttributeValues: { ':batch': batch },
  };
}

type Listing = Omit<QueryCommandInput, 'TableName'>;

/** Whether a record fits, as it is now, and was not the last of the page before. */
export function isAskedFor(job: Job, { status, ...query }: JobQuery): boolean {
  const fits = [...OF_WHOM, ...FILTERS].every((name) => query[name] === undefined || query[name] === job[name]);
  return fits && (status === undefined || status.includes(job.status)) && placeOf(job) !== placeBefore(query);
}

/** The upper bound; BETWEEN counts it in, and the job that stands there was on the page before. */
function placeBefore({ cursor }: Pick<JobQuery, 'cursor'>): string {
  return cursor === undefined ? NEWEST : placeBehind(cursor);
}
