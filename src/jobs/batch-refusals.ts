import type { ArtifactStore } from '#core/ports';
import type { Batch } from './batch.ts';

/** An item that did not become a job. */
export interface ItemRefusal {
  /** Its number in the batch, from 0. */
  item: number;
  key?: string;
  /** The first of its inputs. */
  input: string[];
  code: string;
  message: string;
}

const DIGITS = 9;

const folderOf = (batch: string) => `batches/${batch}/refusals/`;
const fileOf = (batch: string, first: number) => `${folderOf(batch)}${String(first).padStart(DIGITS, '0')}.json`;
const firstIn = (key: string) => Number(key.slice(key.lastIndexOf('/') + 1, -'.json'.length));

/** Keeps what was refused of a chunk; the same chunk done again writes the same file. */
export async function keepRefusals(
  batch: string,
  first: number,
  refusals: ItemRefusal[],
  artifacts: Pick<ArtifactStore, 'putBytes'>,
): Promise<void> {
  if (refusals.length > 0) await artifacts.putBytes(fileOf(batch, first), JSON.stringify(refusals));
}

/** The refused items of a batch in their order, from the item `from` on, at most `limit`. */
export async function refusalsOf(
  { id }: Batch,
  { from, limit }: { from: number; limit: number },
  artifacts: Pick<ArtifactStore, 'list' | 'read'>,
): Promise<ItemRefusal[]> {
  const keys = await artifacts.list(folderOf(id));
  // A file has the items up to where the next one begins.
  const start = Math.max(
    0,
    keys.findLastIndex((key) => firstIn(key) <= from),
  );
  const found: ItemRefusal[] = [];
  for (const key of keys.slice(start)) {
    const refusals = JSON.parse(Buffer.from(await artifacts.read(key)).toString()) as ItemRefusal[];
    found.push(...refusals.filter(({ item }) => item >= from));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}
