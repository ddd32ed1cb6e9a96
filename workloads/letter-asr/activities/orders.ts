import { basename } from 'node:path';
import { z } from 'zod';
import { InputError } from '#core/errors';
import type { OrderedItems, OrderPorts } from '#core/workload';
import { batchItems } from './batch-items.ts';
import { readActivities } from './read-activities.ts';

const orderSchema = z.strictObject({
  /** The address of an export: what a query left, as CSV, JSON lines or Parquet. */
  export: z.string().min(1),
  /** What the addresses of the recordings begin with. */
  recordings: z.string().min(1),
  /** Only these; all of the export if not given. */
  activities: z.array(z.string().min(1)).min(1).max(10_000).optional(),
});

/**
 * One item for each activity of an export that has recordings.
 * @throws InputError for an order of another form, an export that can't be read, or an activity that is not in it.
 */
export async function itemsOf(order: unknown, { local, below }: OrderPorts): Promise<OrderedItems> {
  const asked = understood(order);
  const { activities, notes } = await readActivities(await local(asked.export), basename(asked.export));
  const wanted = new Set(asked.activities ?? activities.map(({ id }) => id));
  const found = activities.filter(({ id }) => wanted.has(id));
  if (found.length < wanted.size) throw unknownActivities([...wanted], activities);
  const addresses: string[] = [];
  for await (const uri of below(asked.recordings)) if (uri.toLowerCase().endsWith('.wav')) addresses.push(uri);
  const { items, without } = batchItems(found, addresses, asked.export);
  return { items, notes: [...notes, ...without.map((id) => `activity ${id} has no recording`)] };
}

function understood(order: unknown): z.infer<typeof orderSchema> {
  const checked = orderSchema.safeParse(order);
  if (checked.success) return checked.data;
  throw new InputError(
    `letter-asr does not understand the order: ${z.prettifyError(checked.error)}. Send export, recordings and, if wanted, activities.`,
  );
}

function unknownActivities(wanted: string[], activities: { id: string }[]): InputError {
  const known = new Set(activities.map(({ id }) => id));
  const missing = wanted.filter((id) => !known.has(id)).slice(0, 10);
  return new InputError(`The export has no activity ${missing.join(', ')}. It has ${known.size} others.`, {
    details: { missing },
  });
}
