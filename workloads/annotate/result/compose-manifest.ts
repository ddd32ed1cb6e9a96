import type { Artifact } from '#core/artifact';
import { type Manifest, sealManifest } from '#core/manifest';
import workload from '../workload.ts';

type Facts = Pick<Manifest, 'outcome' | 'missing' | 'degraded' | 'input' | 'params' | 'models'> & {
  reused?: readonly string[];
};

/** manifest.json of an annotated video: the artifacts that are part of the result, by their path in it. */
export function composeManifest(artifacts: Artifact[], { reused = [], ...facts }: Facts): string {
  const results = artifacts.flatMap(({ result, sha256, bytes, mediaType }) =>
    result === undefined ? [] : [[result, { sha256, bytes, mediaType }] as const],
  );
  return sealManifest({
    manifest: 1,
    workload: workload.name,
    workloadVersion: workload.version,
    ...facts,
    ...(reused.length > 0 ? { reused: [...reused] } : {}),
    files: Object.fromEntries(results.sort(([a], [b]) => (a < b ? -1 : 1))),
  });
}
