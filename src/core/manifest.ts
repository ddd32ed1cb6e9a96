import { z } from 'zod';
import type { Artifact } from './artifact.ts';
import { sha256Hex } from './names.ts';
import type { Workload } from './workload.ts';

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
  /** Steps that were not run because another job had done the same; absent when there are none. */
  reused: z.array(z.string()).optional(),
  /** See `sealManifest`. */
  seal: z.string().regex(/^[0-9a-f]{64}$/),
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

type ResultFacts = Pick<Manifest, 'outcome' | 'missing' | 'degraded' | 'input' | 'params' | 'models'> & {
  /** Steps whose work was taken over from another job. */
  reused?: readonly string[];
};

/** manifest.json of a result: the artifacts that are part of it, by their path in it. */
export function composeManifest(
  { name, version }: Pick<Workload, 'name' | 'version'>,
  artifacts: Artifact[],
  { reused = [], ...facts }: ResultFacts,
): string {
  const results = artifacts.flatMap(({ result, sha256, bytes, mediaType }) =>
    result === undefined ? [] : [[result, { sha256, bytes, mediaType }] as const],
  );
  return sealManifest({
    manifest: 1,
    workload: name,
    workloadVersion: version,
    ...facts,
    ...(reused.length > 0 ? { reused: [...reused] } : {}),
    files: Object.fromEntries(results.sort(([a], [b]) => (a < b ? -1 : 1))),
  });
}

const OPEN_SEAL = '0'.repeat(64);

/**
 * The text of manifest.json. Its `seal` is the SHA-256 of that very text with the seal's digits all 0, so that no byte
 * of the manifest can change unseen.
 */
export function sealManifest(manifest: Omit<Manifest, 'seal'>): string {
  const { files, ...head } = manifest;
  const open = `${JSON.stringify({ ...head, seal: OPEN_SEAL, files }, null, 2)}\n`;
  return withSeal(open, sha256Hex(open));
}

/** True when the text is as `sealManifest` gave it. */
export function isSealIntact(text: string): boolean {
  const { seal } = JSON.parse(text) as { seal?: string };
  return seal !== undefined && sha256Hex(withSeal(text, OPEN_SEAL)) === seal;
}

function withSeal(text: string, seal: string): string {
  return text.replace(/("seal": ")[0-9a-f]{64}(")/, `$1${seal}$2`);
}
