import { z } from 'zod';

/**
 * manifest.json: what a result consists of. `files` maps each path of the result to its size and digest; the receipt
 * is not in it, because it differs from run to run. The marker `_SUCCESS` or `_PARTIAL` is written after it.
 */
export const manifestSchema = z.object({
  manifest: z.literal(1),
  workload: z.string(),
  workloadVersion: z.string(),
  outcome: z.enum(['complete', 'partial']),
  missing: z.array(z.string()),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
  input: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.int().nonnegative() })),
  params: z.record(z.string(), z.unknown()),
  models: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.int().nonnegative(), mediaType: z.string() })),
});

export type Manifest = z.infer<typeof manifestSchema>;

export const MANIFEST = 'manifest.json';
export const SUCCESS_MARKER = '_SUCCESS';
export const PARTIAL_MARKER = '_PARTIAL';
/** Files of a result that the manifest does not hash. */
export const UNHASHED = ['receipt.json', 'receipt.md', MANIFEST, SUCCESS_MARKER, PARTIAL_MARKER] as const;

/** The marker that closes a result of this outcome. */
export function markerFor(outcome: Manifest['outcome']): string {
  return outcome === 'complete' ? SUCCESS_MARKER : PARTIAL_MARKER;
}
