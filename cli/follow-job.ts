import { setTimeout as sleep } from 'node:timers/promises';
import { isSettled } from '#core/job';
import type { ApiClient } from './api-client.ts';
import { ApiRefusal } from './api-refusal.ts';
import { jobStream, type StreamPlace } from './job-stream.ts';
import { type RemoteJob, readJob } from './remote-job.ts';

// Where there is no stream: a job's record changes a few times a second at most, and each look costs the API one read.
const POLL_MS = 1000;
// So many looks in a row may fail before the watching ends; the job itself goes on.
const MAX_FAILURES = 5;

/**
 * A job, each time that it may be other than it was, until it has ended: by the API's stream, or by asking again and again
 * where it offers none. @throws ApiRefusal when the API does not answer any more.
 */
export async function* followJob(api: ApiClient, id: string): AsyncGenerator<RemoteJob, void> {
  const place: StreamPlace = { retryMs: POLL_MS };
  let isOffered = true;
  for (let failures = 0; ; ) {
    try {
      for await (const job of isOffered ? jobStream(api, id, place) : once(api, id)) {
        failures = 0;
        yield job;
        if (isSettled(job.status)) return;
      }
    } catch (thrown) {
      if (isOffered && isNotOffered(thrown)) {
        isOffered = false;
        continue;
      }
      failures += 1;
      if (failures === MAX_FAILURES || !isPassing(thrown)) throw thrown;
    }
    await sleep(isOffered ? place.retryMs : POLL_MS);
  }
}

async function* once(api: ApiClient, id: string): AsyncGenerator<RemoteJob, void> {
  yield await readJob(api, id);
}

/** An API that knows no streams says that there is no such route; that there is no such job is something else. */
function isNotOffered(thrown: unknown): boolean {
  if (!(thrown instanceof ApiRefusal)) return false;
  return thrown.name === 'NoSuchRoute' || thrown.name === 'NoStream' || [405, 501].includes(thrown.facts.status ?? 0);
}

function isPassing(thrown: unknown): boolean {
  if (!(thrown instanceof ApiRefusal)) return false;
  const { status } = thrown.facts;
  return thrown.name === 'Unreachable' || status === 429 || (status !== undefined && status >= 500);
}
