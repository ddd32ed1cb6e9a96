import { addressOf, credentials } from './api.ts';
import type { Job } from './api-types.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'paused';

// A stream says something at least every 15 s; longer silence is a connection that died unnoticed.
const SILENCE_MS = 40_000;
const BACK_MS = 2_000;
// A window that nobody looks at lets go of its stream: a browser opens only six connections to one place.
const HIDDEN_MS = 15_000;

/**
 * The one stream of a window: all jobs of the team, as they change. `job` events carry one; `caught-up` says that something
 * may have been missed before, so what is shown is to be read again; `connection` says how it stands.
 */
export class LiveJobs extends EventTarget {
  connection: Connection = 'connecting';
  private stop = new AbortController();
  private wasLost = false;

  /** Follows until `close`. */
  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    void this.follow(this.stop.signal);
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.stop.abort();
  }

  /** Asks again at once: with another key, or because somebody is looking again. */
  restart(): void {
    this.stop.abort();
    this.stop = new AbortController();
    void this.follow(this.stop.signal);
  }

  private readonly onVisibility = () => {
    if (!document.hidden) {
      if (this.connection === 'paused') this.restart();
      return;
    }
    setTimeout(() => {
      if (!document.hidden || this.connection === 'paused') return;
      this.stop.abort();
      this.wasLost = true;
      this.tell('paused');
    }, HIDDEN_MS);
  };

  private async follow(signal: AbortSignal): Promise<void> {
    let last: string | undefined;
    while (!signal.aborted) {
      let backMs = BACK_MS;
      try {
        for await (const events of eventsOf(last, signal, () => this.arrived())) {
          // Those that came together are told at one go, so that what shows them is drawn once.
          for (const { retryMs, id, job } of events) {
            if (retryMs !== undefined) backMs = retryMs;
            if (id !== undefined) last = id;
            if (job) this.dispatchEvent(new CustomEvent('job', { detail: job }));
          }
        }
      } catch {
        if (signal.aborted) return;
        this.wasLost = true;
        this.tell('lost');
      }
      await sleep(backMs, signal);
    }
  }

  private arrived(): void {
    this.tell('live');
    if (!this.wasLost) return;
    this.wasLost = false;
    this.dispatchEvent(new Event('caught-up'));
  }

  private tell(connection: Connection): void {
    if (this.connection === connection) return;
    this.connection = connection;
    this.dispatchEvent(new Event('connection'));
  }
}

interface StreamEvent {
  id?: string;
  retryMs?: number;
  job?: Job;
}

/** The events of one answer, those together that came together. Not by EventSource, which can't send a credential. @throws when the stream breaks. */
async function* eventsOf(
  last: string | undefined,
  signal: AbortSignal,
  arrived: () => void,
): AsyncGenerator<StreamEvent[]> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const headers = { ...credentials(), ...(last === undefined ? {} : { 'Last-Event-ID': last }) };
  try {
    const answer = await fetch(addressOf('stream'), { headers, signal: AbortSignal.any([signal, silence.signal]) });
    if (!answer.ok) throw new Error(`The stream answered with ${answer.status}.`);
    arrived();
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop()!;
      yield blocks.map(parseEvent);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** One block of a `text/event-stream`. */
export function parseEvent(block: string): StreamEvent {
  const event: StreamEvent = {};
  for (const line of block.split('\n')) {
    const [, field, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
    if (field === 'id') event.id = value!;
    if (field === 'retry') event.retryMs = Number(value);
    if (field === 'data') event.job = JSON.parse(value!) as Job;
  }
  return event;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}
