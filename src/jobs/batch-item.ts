import { z } from 'zod';

const uri = z.string().min(1).max(4096);

export const itemKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 printable ASCII characters without spaces');

/** One line of a batch: what becomes one job. */
export const batchItemSchema = z.union([
  uri,
  z.strictObject({
    input: z.union([uri, z.array(uri).min(1).max(1000)]),
    params: z.record(z.string(), z.unknown()).optional().describe("Beside the batch's own; these win"),
    key: itemKeySchema.optional().describe("The item's name: of several items of one name the first is taken"),
  }),
]);

export type BatchItem = z.infer<typeof batchItemSchema>;

/** An item as it is kept until its turn comes. */
export interface KeptItem {
  input: string[];
  params?: Record<string, unknown>;
  key?: string;
  /** The number of an earlier item that is the same. */
  repeats?: number;
}

export function keptItem(item: BatchItem): KeptItem {
  if (typeof item === 'string') return { input: [item] };
  const { input, params, key } = item;
  return {
    input: typeof input === 'string' ? [input] : input,
    ...(params && { params }),
    ...(key === undefined ? {} : { key }),
  };
}
