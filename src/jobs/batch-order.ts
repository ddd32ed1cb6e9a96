import { InputError } from '#core/errors';
import type { ArtifactStore, InputListing, WorkloadRegistry } from '#core/ports';
import type { Records } from '#core/records';
import type { Workload } from '#core/workload';
import { type BatchItem, type KeptItem, keptItem } from './batch-item.ts';
import { readManifest } from './batch-manifest.ts';
import { inputNamed } from './input-name.ts';
import { hasEnding } from './upload-arrival.ts';
import { uploadedInputs } from './upload-input.ts';

/** What a batch is made of: exactly one of these. */
export interface BatchSource {
  items?: BatchItem[] | undefined;
  /** All objects or files below it that the workload takes. */
  prefix?: string | undefined;
  /** Where a file lies that lists them. */
  manifest?: string | undefined;
}

export interface BatchSourcePorts {
  registry: WorkloadRegistry;
  artifacts: Pick<ArtifactStore, 'openInput'>;
  records: Records;
  listing: InputListing;
  /** Why a team may not name an input, or may not look below a prefix; undefined when it may. */
  refuseInput?: ((uri: string, team: string) => string | undefined) | undefined;
  refusePrefix?: ((prefix: string, team: string) => string | undefined) | undefined;
}

/** The items of a source, one after another, and how many objects below a prefix the workload does not take. */
export function batchItems(source: BatchSource, workload: Workload, team: string, ports: BatchSourcePorts) {
  const skipped = { count: 0 };
  const { items, prefix, manifest } = source;
  const read = () => {
    if (prefix !== undefined) return itemsBelow(prefix, workload, team, ports, skipped);
    if (manifest !== undefined) return itemsOfManifest(manifest, team, ports);
    return items ?? [];
  };
  return { items: kept(read()), skipped };
}

async function* kept(items: AsyncIterable<BatchItem> | BatchItem[]): AsyncGenerator<KeptItem> {
  for await (const item of items) yield keptItem(item);
}

async function* itemsBelow(
  prefix: string,
  workload: Workload,
  team: string,
  { listing, refusePrefix }: BatchSourcePorts,
  skipped: { count: number },
): AsyncGenerator<BatchItem> {
  const problem = refusePrefix?.(prefix, team);
  if (problem !== undefined) throw new InputError(`The prefix can't be used: ${problem}.`, { details: { prefix } });
  for await (const uri of listing.below(prefix)) {
    if (hasEnding(uri, workload)) yield uri;
    else skipped.count += 1;
  }
}

async function* itemsOfManifest(manifest: string, team: string, ports: BatchSourcePorts): AsyncGenerator<BatchItem> {
  const [uri] = await uploadedInputs([manifest], team, ports.records);
  const problem = ports.refuseInput?.(uri!, team);
  if (problem !== undefined) throw new InputError(`The manifest can't be used: ${problem}.`, { details: { manifest } });
  const source = await ports.artifacts.openInput(inputNamed(uri!));
  try {
    yield* readManifest(source, uri!);
  } finally {
    await source.close();
  }
}
