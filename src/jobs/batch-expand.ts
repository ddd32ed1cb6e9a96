import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError, isRefusal, isRetryable } from '#core/errors';
import type { ArtifactStore } from '#core/ports';
import type { Records } from '#core/records';
import { inOrderAhead } from '#core/side-by-side';
import { A_FEW, type AdmitPorts, admitJobs } from './admit.ts';
import { BATCH, type Batch, itemsLeft } from './batch.ts';
import { cancelMembers } from './batch-cancel.ts';
import type { KeptItem } from './batch-item.ts';
import { type ItemRefusal, keepRefusals } from './batch-refusals.ts';
import { inputNamed } from './input-name.ts';
import { RequestRefused } from './refusal.ts';
import { clientJobId, type RecordPorts, recordJob } from './submit.ts';
import { textLines } from './text-lines.ts';
import { uploadedInputs } from './upload-input.ts';

export interface ExpandPorts extends AdmitPorts, RecordPorts {
  artifacts: Pick<ArtifactStore, 'local' | 'putBytes'>;
  records: Records;
  /** Why a team may not name an input; undefined when it may. */
  refuseInput?: ((uri: string, team: string) => string | undefined) | undefined;
  scratchFolder?: string;
}

export interface ExpandLimits {
  /** Asked between chunks: true when it is time to stop. */
  isTime?: () => boolean;
}

// What is done again after a death on the way; short enough that a cancel is heard soon.
const CHUNK_ITEMS = 100;
// Submitting is mostly waiting for a store.
const AT_ONCE = 10;
// For so long nobody else gets a turn; the API answers within fifty.
const TURN_MS = 10;
// We wrote the lines ourselves: a thousand addresses at the most, and parameters.
const MAX_LINE_BYTES = 8 * 1024 ** 2;

/**
 * Makes jobs of a batch's items, chunk by chunk, from where the last one stopped; after a cancel it cancels the members
 * instead. Each member goes by its number in the batch, so whoever does a chunk again makes nothing twice.
 */
export async function expandBatch(
  id: string,
  ports: ExpandPorts,
  { isTime = () => false }: ExpandLimits = {},
): Promise<Expansion> {
  const found = await ports.records.get<Batch>(BATCH, id);
  if (!found) return 'done';
  const folder = await mkdtemp(join(ports.scratchFolder ?? tmpdir(), 'batch-'));
  try {
    let batch: Batch | undefined = found.value;
    const chunks = itemsLeft(batch) > 0 && !batch.isCanceled ? readChunks(batch, folder, ports) : [];
    for await (const chunk of chunks) {
      if (isTime()) return 'out of time';
      batch = await expandChunk(batch, chunk, ports);
      // Somebody else did it meanwhile, or there was a cancel: look again.
      if (!batch) return await expandBatch(id, ports, { isTime });
      if (batch.isCanceled) break;
    }
    return !batch.isCanceled || (await cancelMembers(batch, ports, isTime)) ? 'done' : 'out of time';
  } catch (thrown) {
    if (isQueueFull(thrown)) return 'queue is full';
    throw thrown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where a batch stands: what is left of it is for the next call, after a while where the queue is full. */
export type Expansion = 'done' | 'out of time' | 'queue is full';

function isQueueFull(thrown: unknown): boolean {
  return thrown instanceof RequestRefused && thrown.code === 'QueueFull';
}

interface NumberedItem extends KeptItem {
  number: number;
}

interface Chunk {
  items: NumberedItem[];
  /** Where the next chunk begins. */
  end: number;
}

async function* readChunks(batch: Batch, folder: string, { artifacts }: ExpandPorts): AsyncGenerator<Chunk> {
  const path = await artifacts.local(batch.items, folder);
  const lines = textLines(createReadStream(path, { start: batch.offset }), MAX_LINE_BYTES);
  let number = batch.submitted + batch.refused;
  let items: NumberedItem[] = [];
  let end = batch.offset;
  for await (const line of lines) {
    items.push({ ...(JSON.parse(line.text) as KeptItem), number });
    number += 1;
    end = batch.offset + line.end;
    if (items.length < CHUNK_ITEMS) continue;
    yield { items, end };
    items = [];
  }
  if (items.length > 0) yield { items, end };
}

/** @returns the batch as it is then, or undefined when it was not the one that was read. */
async function expandChunk(batch: Batch, { items, end }: Chunk, ports: ExpandPorts): Promise<Batch | undefined> {
  const refusals: ItemRefusal[] = [];
  const giveWay = openGivingWay();
  const submit = async (item: NumberedItem) => {
    await giveWay();
    return await submitItem(batch, item, ports);
  };
  for await (const refusal of inOrderAhead(items, AT_ONCE, submit)) {
    if (refusal) refusals.push(refusal);
  }
  // They are recorded, whatever comes of this: the sweep admits what is left.
  await admitJobs(ports, { most: A_FEW }).catch((thrown) => {
    if (!isRetryable(thrown)) throw thrown;
  });
  await keepRefusals(batch.id, items[0]!.number, refusals, ports.artifacts);
  const { now = () => new Date() } = ports;
  const after = await ports.records.update<Batch>(BATCH, batch.id, (current) => {
    if (current.offset !== batch.offset) return undefined;
    return {
      ...current,
      submitted: current.submitted + items.length - refusals.length,
      refused: current.refused + refusals.length,
      offset: end,
      updatedAt: now().toISOString(),
    };
  });
  return after?.value;
}

/** Stores at home answer in the same turn: the API must get its own in between, and not after every item. */
function openGivingWay() {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await nextTurn();
    since = performance.now();
  };
}

/** @returns why the item is refused, or undefined when there is a job of it, made now or before. */
async function submitItem(batch: Batch, item: NumberedItem, ports: ExpandPorts): Promise<ItemRefusal | undefined> {
  const key = `${batch.id}/${item.number}`;
  try {
    await recordJob({ ...(await requestOf(batch, item, ports)), key }, ports);
    return undefined;
  } catch (thrown) {
    // Recorded, and something went wrong then: it is a job like any other.
    if (await ports.jobs.get(clientJobId(batch.workload, batch.team, key))) return undefined;
    const isRefused = isRefusal(thrown) || thrown instanceof RequestRefused;
    if (!isRefused || isQueueFull(thrown)) throw thrown;
    const code = thrown instanceof RequestRefused ? thrown.code : thrown.name;
    return { item: item.number, input: item.input.slice(0, 1), code, message: thrown.message, ...named(item) };
  }
}

function named({ key }: KeptItem): { key?: string } {
  return key === undefined ? {} : { key };
}

async function requestOf(batch: Batch, item: NumberedItem, { records, refuseInput }: ExpandPorts) {
  if (item.repeats !== undefined) {
    throw new InputError(`It is item ${item.repeats} once more. Give each a key of its own if it shall be done again.`);
  }
  const { id, workload, team, project, priority, tags, notify, reuse } = batch;
  const uris = await uploadedInputs(item.input, team, records);
  const problems = uris.flatMap((uri) => refuseInput?.(uri, team) ?? []);
  if (problems.length > 0) throw new InputError(`The input can't be used: ${problems.join('; ')}.`);
  const allTags = item.key === undefined ? tags : { ...tags, item: item.key };
  return {
    workload,
    input: uris.map(inputNamed),
    params: { ...batch.params, ...item.params },
    team,
    project,
    priority,
    tags: allTags,
    notify,
    reuse,
    batch: id,
  };
}
