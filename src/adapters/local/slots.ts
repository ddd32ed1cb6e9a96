import { availableParallelism } from 'node:os';

/** Places for container tasks on this machine, given out in the order in which they were asked for. */
export interface Slots {
  size: number;
  /** Runs `work` as soon as a place is free. @throws the signal's reason if that aborts while waiting. */
  use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** One task per two cores: decoding and inference use several threads each. */
export function defaultSlots(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

export function openSlots(size = defaultSlots()): Slots {
  let free = size;
  const waiting: (() => void)[] = [];

  const take = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        resolve();
        return;
      }
      const onAbort = () => {
        waiting.splice(waiting.indexOf(onTurn), 1);
        reject(signal.reason);
      };
      const onTurn = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      waiting.push(onTurn);
      signal.addEventListener('abort', onAbort, { once: true });
    });

  const give = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };

  return {
    size,
    async use(signal, work) {
      await take(signal);
      try {
        return await work();
      } finally {
        give();
      }
    },
  };
}
