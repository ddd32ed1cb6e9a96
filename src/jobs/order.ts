import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { InputError } from '#core/errors';
import type { Batch } from './batch.ts';
import { type BatchPorts, type BatchRequest, submitBatch } from './batch-submit.ts';
import { inputNamed } from './input-name.ts';

/** What a schedule or a person asks a workload for, in words of the workload's own. */
export interface OrderRequest extends Omit<BatchRequest, 'source'> {
  order: unknown;
}

export interface Ordered {
  /** Undefined when the order comes to nothing: a day without activities is no failure. */
  batch: Batch | undefined;
  isNew: boolean;
  notes: string[];
}

/**
 * Makes a batch of an order.
 * @throws InputError for a workload that takes no orders, and for an order that it does not understand; what submitting a
 * batch throws.
 */
export async function submitOrder({ order, ...request }: OrderRequest, ports: BatchPorts): Promise<Ordered> {
  const workload = await ports.registry.get(request.workload);
  if (!workload.orders) {
    throw new InputError(`${workload.name} takes no orders. Send its inputs as jobs or as a batch.`);
  }
  const { itemsOf } = await workload.orders();
  const folder = await mkdtemp(join(ports.scratchFolder ?? tmpdir(), 'order-'));
  try {
    const { items, notes } = await itemsOf(order, {
      local: (uri) => copyOf(uri, folder, request.team, ports),
      below: (prefix) => ports.listing.below(allowed(prefix, request.team, ports.refusePrefix)),
    });
    if (items.length === 0) return { batch: undefined, isNew: false, notes };
    return { ...(await submitBatch({ ...request, source: { items } }, ports)), notes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PIECE_BYTES = 8 * 1024 ** 2;

async function copyOf(uri: string, folder: string, team: string, ports: BatchPorts): Promise<string> {
  const source = await ports.artifacts.openInput(inputNamed(allowed(uri, team, ports.refuseInput)));
  try {
    const path = join(await mkdtemp(join(folder, 'file-')), basename(uri));
    const file = await open(path, 'wx');
    try {
      for (let at = 0; at < source.size; at += PIECE_BYTES) {
        await file.write(await source.read(at, Math.min(PIECE_BYTES, source.size - at)));
      }
    } finally {
      await file.close();
    }
    return path;
  } finally {
    await source.close();
  }
}

function allowed(uri: string, team: string, refuse: BatchPorts['refuseInput']): string {
  const problem = refuse?.(uri, team);
  if (problem === undefined) return uri;
  throw new InputError(`The order can't be met: ${problem}.`, { details: { uri } });
}
