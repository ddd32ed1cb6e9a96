import { z } from 'zod';
import { InputError } from '#core/errors';

/** How many engines stay open, unless the caller says. */
export const CACHE_SIZE = 'ENGINE_CACHE_MAX';

/** Something that is slow to open and holds memory until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** Open engines by key; of more than `max`, the one that nobody asked for the longest goes. */
export interface EngineCache<Engine extends Closable> {
  /**
   * Works with the engine of a key, opened by `open` where there is none. Calls for one key while it is being opened wait
   * for that one. An engine that goes is closed when the last work with it has ended, never before.
   * @throws what `open` or `work` throws; a key that failed to open is tried anew by the next call.
   */
  use<T>(key: string, open: () => Promise<Engine>, work: (engine: Engine) => Promise<T>): Promise<T>;
  /** From the one that goes next to the newest. */
  keys(): string[];
  /** Closes all engines, each when its last work has ended. */
  close(): Promise<void>;
}

interface Entry<Engine> {
  opening: Promise<Engine>;
  users: number;
  /** It is no longer in the cache: its last user closes it. */
  isOut: boolean;
}

/** @throws InputError for a size in the environment that is no whole number from 1 on. */
export function createEngineCache<Engine extends Closable>({
  max = sizeFrom(process.env),
}: {
  max?: number;
} = {}): EngineCache<Engine> {
  // A Map keeps the order of insertion, so its first key is the one that was asked for the longest ago.
  const entries = new Map<string, Entry<Engine>>();
  const allClosed = createCounter();

  const takeOut = (key: string, entry: Entry<Engine>): Promise<void> => {
    if (entries.get(key) === entry) entries.delete(key);
    entry.isOut = true;
    return closeIfUnused(entry);
  };

  const closeIfUnused = async (entry: Entry<Engine>): Promise<void> => {
    if (!entry.isOut || entry.users > 0) return;
    const engine = await entry.opening.catch(() => undefined);
    await engine?.close().finally(allClosed.decrease);
  };

  const enter = (key: string, open: () => Promise<Engine>): Entry<Engine> => {
    const known = entries.get(key);
    if (known) {
      entries.delete(key);
      entries.set(key, known);
      return known;
    }
    // Room is made first, so that there are never more in memory than have to be.
    const oldest = [...entries].slice(0, Math.max(0, entries.size + 1 - max));
    const going = Promise.all(oldest.map(([old, entry]) => takeOut(old, entry)));
    const opening = going.then(open).then((engine) => {
      allClosed.increase();
      return engine;
    });
    const entry = { opening, users: 0, isOut: false };
    entries.set(key, entry);
    return entry;
  };

  return {
    async use(key, open, work) {
      const entry = enter(key, open);
      entry.users += 1;
      try {
        return await work(await entry.opening);
      } catch (thrown) {
        const failedToOpen = await entry.opening.then(
          () => false,
          () => true,
        );
        if (failedToOpen) await takeOut(key, entry);
        throw thrown;
      } finally {
        entry.users -= 1;
        await closeIfUnused(entry);
      }
    },
    keys: () => [...entries.keys()],
    async close() {
      await Promise.all([...entries].map(([key, entry]) => takeOut(key, entry)));
      await allClosed.zero();
    },
  };
}

/** Counts what is open; `zero` waits until nothing is. */
function createCounter() {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    increase() {
      count += 1;
    },
    decrease() {
      count -= 1;
      if (count > 0) return;
      for (const go of waiting) go();
      waiting = [];
    },
    zero: (): Promise<void> => (count === 0 ? Promise.resolve() : new Promise((go) => waiting.push(go))),
  };
}

/** A key that is the same for the same settings, in whatever order they are written. */
export function engineKey(settings: Record<string, string | number | boolean | undefined>): string {
  const known = Object.entries(settings).filter(([, value]) => value !== undefined);
  return JSON.stringify(known.sort(([a], [b]) => Number(a > b) - Number(a < b)));
}

function sizeFrom(variables: NodeJS.ProcessEnv): number {
  const parsed = z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .safeParse(variables[CACHE_SIZE] || undefined);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `${CACHE_SIZE} is a whole number from 1 to 64, found ${JSON.stringify(variables[CACHE_SIZE])}. Correct or remove it.`,
  );
}
