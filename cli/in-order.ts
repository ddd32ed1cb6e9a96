/** What `work` makes of each item, in the order of the items, while it is at work on `workers` of them at a time. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    const started = work(item);
    // It is awaited in its turn; until then its failure must not count as unhandled.
    started.catch(() => undefined);
    underWay.push(started);
    if (underWay.length >= workers) yield await underWay.shift()!;
  }
  for (const last of underWay) yield await last;
}
