/** Threads that read, each one picture at a time. */
export interface ReaderThreads<Thread> {
  /** Lends a thread for a piece of work, as soon as there is a free one. */
  use<T>(work: (thread: Thread) => Promise<T>): Promise<T>;
  /** Ends the threads that were started. */
  close(): Promise<void>;
}

/**
 * At most `most` threads, which are started when there is work for them and kept for the work that follows: a clip without
 * text starts none, and the next clip finds them running. @throws what `start` throws, from `use`.
 */
export function createReaderThreads<Thread>(
  most: number,
  { start, end }: { start: () => Promise<Thread>; end: (thread: Thread) => Promise<unknown> },
): ReaderThreads<Thread> {
  const started: Promise<Thread>[] = [];
  const idle: Promise<Thread>[] = [];
  const waiting: ((thread: Promise<Thread>) => void)[] = [];

  function borrow(): Promise<Thread> {
    const free = idle.pop();
    if (free) return free;
    if (started.length === most) return new Promise((receive) => waiting.push(receive));
    const thread = start();
    started.push(thread);
    return thread;
  }

  function giveBack(thread: Promise<Thread>): void {
    const next = waiting.shift();
    if (next) next(thread);
    else idle.push(thread);
  }

  return {
    async use(work) {
      const thread = borrow();
      try {
        return await work(await thread);
      } finally {
        // One that did not start is given back too: whoever gets it learns why there is none.
        giveBack(thread);
      }
    },
    async close() {
      const all = started.splice(0);
      idle.length = 0;
      // One that never started has nothing to end.
      await Promise.allSettled(all.map(async (thread) => end(await thread)));
    },
  };
}
