import type { z } from 'zod';
import { eventsSchema } from '#runtime/jobs-api/schemas';
import { type ApiOptions, openApi } from './api-options.ts';
import { apiPages } from './api-pages.ts';
import { jobPath } from './remote-job.ts';

type JobEvent = z.infer<typeof eventsSchema>['events'][number];

/** A line for each event of a job, in order. */
export async function listEvents(id: string, options: ApiOptions, json: boolean): Promise<void> {
  for await (const { events } of apiPages(await openApi(options), jobPath(id, 'events'), eventsSchema)) {
    for (const event of events) {
      process.stdout.write(
        json ? `${JSON.stringify({ event: 'history', ...event })}\n` : `${describeJobEvent(event)}\n`,
      );
    }
  }
}

function describeJobEvent({ at, type, state, shard, attempt, error, cause }: JobEvent): string {
  const place = [
    state,
    shard === undefined ? '' : `(shard ${shard})`,
    attempt === undefined ? '' : `(attempt ${attempt})`,
  ];
  const why = [error, cause].filter((part) => part !== undefined).join(': ');
  return [at, type, ...place, why].filter((part) => part).join('  ');
}
