import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { jobSchema } from '#runtime/jobs-api/schemas';
import type { ApiClient } from './api-client.ts';
import { ApiRefusal } from './api-refusal.ts';
import { jobPath, type RemoteJob } from './remote-job.ts';

// The API says something every 15 seconds: after three times that the connection is dead, and nobody has told us.
const SILENCE_MS = 45_000;

/** Where a stream that ended is taken up again. */
export interface StreamPlace {
  last?: string | undefined;
  /** How long the API wants us to stay away. */
  retryMs: number;
}

/**
 * A job as its API tells of it, each time that it changes, until the stream ends; `place` is kept up to date.
 * @returns false when there is nothing more to tell. @throws ApiRefusal, with the status 501 where the API has no streams.
 */
export async function* jobStream(api: ApiClient, id: string, place: StreamPlace): AsyncGenerator<RemoteJob, boolean> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('the stream fell silent')), SILENCE_MS);
  try {
    const headers: Record<string, string> = place.last === undefined ? {} : { 'Last-Event-ID': place.last };
    const response = await api.openStream(jobPath(id, 'stream'), { headers, signal: silence.signal });
    if (response.status === 204 || !response.body) return false;
    const messages: EventSourceMessage[] = [];
    const parser = createParser({
      onEvent: (message) => messages.push(message),
      onRetry: (retryMs) => (place.retryMs = retryMs),
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      timer.refresh();
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const message of messages.splice(0)) {
        place.last = message.id ?? place.last;
        if (message.event === 'job') yield jobIn(message.data);
      }
    }
    return true;
  } catch (thrown) {
    if (thrown instanceof ApiRefusal) throw thrown;
    throw new ApiRefusal('Unreachable', `The stream of job ${id} broke (${(thrown as Error).message}).`, {
      hint: 'Look whether the API still runs.',
    });
  } finally {
    clearTimeout(timer);
  }
}

function jobIn(data: string): RemoteJob {
  const job = z.string().transform(parseJson).pipe(jobSchema).safeParse(data);
  if (job.success) return job.data;
  throw new ApiRefusal('NotThisApi', `The stream told something that is no job: ${z.prettifyError(job.error)}`, {
    hint: 'Look whether the version of the API is that of this program.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
