import { randomUUID } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '#core/errors';
import type { Notify } from '#core/job';
import { canonicalJson, sha256Hex } from '#core/names';
import type { ArtifactStore } from '#core/ports';
import type { Priority } from '#core/queue';
import type { Workload } from '#core/workload';
import { BATCH, type Batch } from './batch.ts';
import type { KeptItem } from './batch-item.ts';
import { type BatchSource, type BatchSourcePorts, batchItems } from './batch-order.ts';
import { RequestRefused } from './refusal.ts';
import { checkRequest } from './submit.ts';

export interface BatchRequest {
  workload: string;
  source: BatchSource;
  team: string;
  name?: string | undefined;
  params?: Record<string, unknown> | undefined;
  project?: string | undefined;
  priority?: Priority | undefined;
  tags?: Record<string, string> | undefined;
  notify?: Notify | undefined;
  reuse?: boolean | undefined;
  /** The submitter's own name for this request: however often it comes, there is one batch. */
  key?: string | undefined;
}

export interface BatchPorts extends BatchSourcePorts {
  artifacts: Pick<ArtifactStore, 'openInput' | 'putFile'>;
  /** Has somebody work on a batch; harmless when repeated. */
  wakeBatch: (id: string) => Promise<void>;
  /** The most items that one batch may have. */
  mostItems?: number;
  scratchFolder?: string;
  now?: () => Date;
}

export const MOST_ITEMS = 100_000;
// As long as records of jobs are kept.
const KEPT_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Checks a batch and keeps its items, as they are now, for those who make jobs of them; nothing waits for that.
 * @throws InputError for what can't be read, or has no item or too many; RequestRefused when its key stands for another
 * request.
 */
export async function submitBatch(request: BatchRequest, ports: BatchPorts): Promise<{ batch: Batch; isNew: boolean }> {
  const { team, key, workload: name } = request;
  const workload = await ports.registry.get(name);
  const id = key === undefined ? `batch-${randomUUID().replaceAll('-', '')}` : keyedId(team, key);
  const requestDigest = key === undefined ? undefined : digestOf(request);
  const earlier = await ports.records.get<Batch>(BATCH, id);
  if (earlier) return { batch: sameRequest(earlier.value, requestDigest), isNew: false };

  const { now = () => new Date() } = ports;
  const createdAt = now().toISOString();
  const { project = 'default', priority = 'normal', params = {}, tags, notify, reuse } = request;
  const batch: Batch = {
    id,
    team,
    workload: name,
    ...(request.name === undefined ? {} : { name: request.name }),
    project,
    priority,
    ...(tags && { tags }),
    ...(notify && { notify }),
    ...(reuse === undefined ? {} : { reuse }),
    params,
    ...(requestDigest === undefined ? {} : { requestDigest }),
    ...(await keepItems(id, workload, request, ports)),
    submitted: 0,
    refused: 0,
    offset: 0,
    isCanceled: false,
    createdAt,
    updatedAt: createdAt,
  };
  const expiresAt = new Date(now().getTime() + KEPT_DAYS * DAY_MS).toISOString();
  if (!(await ports.records.create(BATCH, { id, team, value: batch, expiresAt }))) {
    const rival = (await ports.records.get<Batch>(BATCH, id))!.value;
    return { batch: sameRequest(rival, requestDigest), isNew: false };
  }
  try {
    await ports.wakeBatch(id);
  } catch (thrown) {
    // Nobody would ever work on it, and who asked is told that it failed.
    await ports.records.remove(BATCH, id);
    throw thrown;
  }
  return { batch, isNew: true };
}

function keyedId(team: string, key: string): string {
  return `batch-${sha256Hex(`${team}\n${key}`).slice(0, 32)}`;
}

function digestOf({ team: _team, key: _key, project = 'default', params = {}, ...order }: BatchRequest): string {
  return sha256Hex(canonicalJson({ ...order, project, params }));
}

function sameRequest(earlier: Batch, requestDigest: string | undefined): Batch {
  if (earlier.requestDigest === requestDigest) return earlier;
  throw new RequestRefused(
    'KeyReused',
    `The key was used before for another request: it stands for batch ${earlier.id}.`,
    'Choose a new key for a new request, or send exactly the first one again.',
  );
}

/**
 * Writes the items down, one a line. What a prefix or a manifest holds may change while jobs are made of it: numbers of
 * members, and so the jobs, must not.
 */
async function keepItems(
  id: string,
  workload: Workload,
  { source, team, params }: BatchRequest,
  ports: BatchPorts,
): Promise<Pick<Batch, 'items' | 'total' | 'skipped'>> {
  const { mostItems = MOST_ITEMS, scratchFolder = tmpdir() } = ports;
  const folder = await mkdtemp(join(scratchFolder, 'batch-'));
  try {
    const path = join(folder, 'items.jsonl');
    const { items, skipped } = batchItems(source, workload, team, ports);
    const { total, hasParams } = await writeItems(path, items, mostItems);
    if (total === 0) throw new InputError(`The batch has no item. ${emptyBecause(source, skipped.count, workload)}`);
    // Otherwise an item may give what is missing.
    if (!hasParams) checkRequest(workload, { workload: workload.name, input: enoughInput(workload), params });
    // Of two requests with one key the slower one must not write over the items of the other.
    const key = `batches/${id}/items-${randomUUID()}.jsonl`;
    await ports.artifacts.putFile(key, path);
    return { items: key, total, skipped: skipped.count };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const FLUSH_CHARACTERS = 256 * 1024;

async function writeItems(path: string, items: AsyncIterable<KeptItem>, mostItems: number) {
  const file = await open(path, 'wx');
  const seen = new Map<string, number>();
  let hasParams = false;
  let total = 0;
  let pending = '';
  try {
    for await (const item of items) {
      if (total === mostItems) throw tooMany(mostItems);
      const identity = identityOf(item);
      const repeats = seen.get(identity);
      if (repeats === undefined) seen.set(identity, total);
      pending += `${JSON.stringify(repeats === undefined ? item : { ...item, repeats })}\n`;
      if (pending.length > FLUSH_CHARACTERS) {
        await file.appendFile(pending);
        pending = '';
      }
      hasParams ||= item.params !== undefined;
      total += 1;
    }
    await file.appendFile(pending);
    return { total, hasParams };
  } finally {
    await file.close();
  }
}

/** By its name, if it has one. Short: there may be very many. */
function identityOf({ key, input, params }: KeptItem): string {
  return sha256Hex(key === undefined ? canonicalJson({ input, params }) : `key ${key}`).slice(0, 24);
}

function tooMany(mostItems: number): InputError {
  return new InputError(`The batch has more than ${mostItems} items. Send it in parts.`, { details: { mostItems } });
}

function emptyBecause({ prefix, manifest }: BatchSource, skipped: number, { input }: Workload): string {
  if (manifest !== undefined) return `${manifest} lists none.`;
  if (prefix === undefined) return 'Name at least one.';
  return `Below ${prefix} nothing ends with ${input.endings.join(', ')}${skipped > 0 ? `; ${skipped} end otherwise` : ''}.`;
}

/** Of a workload's least number of inputs, to look at the parameters alone. */
function enoughInput({ input: { min } }: Workload) {
  return Array.from({ length: min }, () => ({ name: '', uri: '' }));
}
