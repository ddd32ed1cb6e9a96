import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '#core/job';
import { sha256Hex } from '#core/names';
import type { JobChanges } from '#core/notices';
import { eventOf, type StreamEvent, type StreamSource, written } from './stream-source.ts';

export const EVENT_STREAM = 'text/event-stream';

// A proxy or a laptop's network gives up a connection on which nothing comes.
const HEARTBEAT_MS = 15_000;
// Changes that come closer together are told as one.
const GAP_MS = 200;
// When a client that lost its stream comes back.
const RETRY_MS = 2_000;

/**
 * A stream that stays open until its job has ended or its reader has gone. It costs a listener and a timer: a job is read
 * when it has changed and the reader has taken what came before.
 */
export async function liveAnswer(
  source: StreamSource,
  last: string | undefined,
  changes: JobChanges,
): Promise<Response> {
  if (await isKnownEnd(source, last)) return new Response(null, { status: 204 });
  const encoder = new TextEncoder();
  const feed = openFeed(source, last, changes);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { text, isOver } = await feed.next();
        if (text !== '') controller.enqueue(encoder.encode(text));
        if (!isOver) return;
        feed.close();
        controller.close();
      },
      cancel: () => feed.close(),
    },
    // Nothing is read ahead; a request whose answer nobody reads costs nothing.
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'Content-Type': EVENT_STREAM, ...UNCACHED } });
}

const UNCACHED = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

interface Part {
  text: string;
  isOver: boolean;
}

function openFeed(source: StreamSource, last: string | undefined, changes: JobChanges) {
  const pending = new Set<string>();
  const progress = new Map<string, Progress>();
  const sent = new Map<string, string>();
  let stopListening: (() => void) | undefined;
  let wake = () => {};
  let isClosed = false;
  let notBefore = 0;

  const open = async (): Promise<Part> => {
    if (source.jobId !== undefined && last !== undefined) sent.set(source.jobId, last);
    stopListening = changes.listen(source.jobId, (change) => {
      if (change.progress) progress.set(change.jobId, change.progress);
      pending.add(change.jobId);
      wake();
    });
    for (const { id } of await source.present()) pending.add(id);
    return { text: `retry: ${RETRY_MS}\n\n`, isOver: false };
  };

  /** All that has changed since it was last told. */
  const drain = async (): Promise<Part> => {
    const ids = [...pending];
    pending.clear();
    const parts: StreamEvent[] = [];
    for (const id of ids) {
      const job = await source.read(id);
      const event = job && eventOf(job, progress.get(id));
      if (event?.isLast) progress.delete(id);
      if (!event || sent.get(id) === event.id) continue;
      parts.push(event);
      if (event.isLast && source.jobId === undefined) sent.delete(id);
      else sent.set(id, event.id);
    }
    notBefore = Date.now() + GAP_MS;
    return {
      text: parts.map(written).join(''),
      isOver: source.jobId !== undefined && parts.some(({ isLast }) => isLast),
    };
  };

  const changed = async (): Promise<boolean> => {
    if (pending.size > 0) return true;
    const woken = new Promise<boolean>((done) => {
      const timer = setTimeout(done, HEARTBEAT_MS, false);
      wake = () => {
        clearTimeout(timer);
        done(true);
      };
    });
    return await woken;
  };

  return {
    /** What comes next, when it comes; a comment when nothing did for a while. */
    async next(): Promise<Part> {
      if (!stopListening) return await open();
      for (;;) {
        if (!(await changed())) return { text: ': still here\n\n', isOver: false };
        if (isClosed) return { text: '', isOver: true };
        await sleep(Math.max(0, notBefore - Date.now()));
        const part = await drain();
        if (part.text !== '' || part.isOver) return part;
      }
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      stopListening?.();
      wake();
    },
  };
}

/** A client whose stream ended with the job's end comes back by itself, and is told to stay away. */
async function isKnownEnd({ jobId, read }: StreamSource, last: string | undefined): Promise<boolean> {
  if (jobId === undefined || last === undefined) return false;
  const job = await read(jobId);
  const event = job && eventOf(job);
  return event?.isLast === true && event.id === last;
}

export interface Patience {
  totalMs: number;
  everyMs: number;
}

// API Gateway ends an answer after 29 s, and the function behind it after 28.
const PATIENCE: Patience = { totalMs: 25_000, everyMs: 1_000 };
// The answer is all that there is until the client comes back, so it comes back soon.
const BACK_MS = 1_000;

/**
 * An answer where nothing can be kept open: at once for somebody who does not know how things are, else as soon as
 * something is other than that, or after a while with nothing in it. The client comes back with what it got last.
 */
export async function boundedAnswer(
  source: StreamSource,
  last: string | undefined,
  signal: AbortSignal,
  { totalMs, everyMs }: Patience = PATIENCE,
): Promise<Response> {
  if (await isKnownEnd(source, last)) return new Response(null, { status: 204 });
  const end = Date.now() + totalMs;
  for (;;) {
    const events = standingForAll((await source.present()).map((job) => eventOf(job)));
    const isNew = events.length > 0 && events.at(-1)!.id !== last;
    if (isNew || Date.now() + everyMs > end || signal.aborted) return answer(isNew ? events : []);
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
}

/** The last of several has an id for all of them: what the client will say that it knows. */
function standingForAll(events: StreamEvent[]): StreamEvent[] {
  if (events.length < 2) return events;
  const id = sha256Hex(events.map((event) => event.id).join(' ')).slice(0, 16);
  return [...events.slice(0, -1), { ...events.at(-1)!, id }];
}

function answer(events: StreamEvent[]): Response {
  const text = events.length > 0 ? events.map(written).join('') : ': nothing new\n\n';
  return new Response(`retry: ${BACK_MS}\n\n${text}`, { headers: { 'Content-Type': EVENT_STREAM, ...UNCACHED } });
}
