import type { Artifact } from '#core/artifact';
import { type Manifest, sealManifest } from '#core/manifest';
import workload from '../workload.ts';

type Facts = Pick<Manifest, 'outcome' | 'missing' | 'degraded' | 'input' | 'params' | 'models'>;

/** manifest.json of a judged clip: the artifacts that are part of the result, by their path in it. */
export function composeManifest(artifacts: Artifact[], facts: Facts): string {
  const results = artifacts.flatMap(({ result, sha256, bytes, mediaType }) =>
    result === undefined ? [] : [[result, { sha256, bytes, mediaType }] as const],
  );
  return sealManifest({
    manifest: 1,
    workload: workload.name,
    workloadVersion: workload.version,
    ...facts,
    files: Object.fromEntries(results.sort(([a], [b]) => (a < b ? -1 : 1))),
  });
}
