import { availableParallelism } from 'node:os';

/** Places for container tasks on this machine, given out by rank, and within one in the order in which they were asked for. */
export interface Slots {
  size: number;
  /**
   * Runs `work` as soon as a place is free and nobody of a lower rank waits; ranks compare as texts.
   * @throws the signal's reason if that aborts while waiting.
   */
  use<T>(signal: AbortSignal, work: () => Promise<T>, rank?: string): Promise<T>;
}

/** One task per two cores: decoding and inference use several threads each. */
export function defaultSlots(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2));
}

export function openSlots(size = defaultSlots()): Slots {
  let free = size;
  const waiting: { rank: string; onTurn: () => void }[] = [];

  const take = (signal: AbortSignal, rank: string) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        resolve();
        return;
      }
      const onAbort = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal.reason);
      };
      const onTurn = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const place = { rank, onTurn };
      const behind = waiting.findIndex((other) => other.rank > rank);
      waiting.splice(behind === -1 ? waiting.length : behind, 0, place);
      signal.addEventListener('abort', onAbort, { once: true });
    });

  const give = () => {
    const next = waiting.shift();
    if (next) next.onTurn();
    else free += 1;
  };

  return {
    size,
    async use(signal, work, rank = '') {
      await take(signal, rank);
      try {
        return await work();
      } finally {
        give();
      }
    },
  };
}
