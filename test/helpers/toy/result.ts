import type { Artifact } from '#core/artifact';
import type { Job } from '#core/job';
import { sealManifest } from '#core/manifest';
import { attemptPrefix } from '#core/names';
import type { VerdictPorts } from '#jobs/verdicts';

/** Writes the verdict of a step that left these result files. */
export async function leaveStep(
  platform: VerdictPorts,
  job: Job,
  step: string,
  files: Record<string, string>,
): Promise<Artifact[]> {
  const attempt = await platform.jobs.nextAttempt(job.id, step);
  const prefix = attemptPrefix({ jobId: job.id, step, attempt });
  const artifacts = await Promise.all(
    Object.entries(files).map(async ([name, text]) => ({
      name,
      ...(await platform.artifacts.putBytes(`${prefix}${name}`, text)),
      mediaType: 'text/plain',
      result: name,
    })),
  );
  const record = { step, attempt, startedAt: job.startedAt, seconds: 1.5, cpuSeconds: 2, peakMemoryMiB: 90 };
  await platform.artifacts.putBytes(`${prefix}attempt.json`, JSON.stringify(record));
  const verdict = { contract: 1, status: 'succeeded', output: {}, artifacts };
  await platform.artifacts.putBytes(`${prefix}verdict.json`, JSON.stringify(verdict));
  return artifacts;
}

/** The manifest of a toy's result that consists of these artifacts. */
export function toyManifest(artifacts: Artifact[], outcome: 'complete' | 'partial' = 'complete'): string {
  return sealManifest({
    manifest: 1,
    workload: 'toy',
    workloadVersion: '1.0.0',
    outcome,
    missing: outcome === 'partial' ? ['word 2'] : [],
    degraded: [],
    input: [],
    params: {},
    models: [],
    files: Object.fromEntries(
      artifacts.map(({ name, sha256, bytes, mediaType }) => [name, { sha256, bytes, mediaType }]),
    ),
  });
}
