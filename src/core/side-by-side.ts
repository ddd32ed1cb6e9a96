/**
 * Works on items, at most `limit` at a time; of many items only those being worked on are held.
 * @throws the first failure, once everything that was begun has ended; nothing is begun after it.
 */
export async function eachSideBySide<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  for await (const _ of inOrderAhead(items, limit, work));
}

/**
 * The results of `work`, in the order of the items; up to `limit` items are worked on ahead of the reader.
 * @throws the first failure in that order, once everything that was begun has ended.
 */
export async function* inOrderAhead<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const begun: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // It is awaited in its turn; until then its failure must not count as unhandled.
      result.catch(() => undefined);
      begun.push(result);
      if (begun.length >= limit) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    await Promise.allSettled(begun);
  }
}
