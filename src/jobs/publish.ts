import type { Job } from '#core/job';
import { MANIFEST, type Manifest, markerFor } from '#core/manifest';
import type { Workload } from '#core/workload';
import { receiptDocuments } from './receipt.ts';
import { resultOf } from './result.ts';
import { allAttempts, type VerdictPorts } from './verdicts.ts';

export interface PublishRequest {
  /** A job that SUCCEEDED or is PARTIAL. */
  job: Job;
  workload: Workload;
  /** For the receipt: versions of what did the work. */
  versions: Record<string, string>;
  /** Where what it cost is really paid. */
  onAws?: boolean;
}

/**
 * Closes a result where it lies: puts the manifest, the receipt and at last the marker at the head of the job's keys. The
 * files themselves are there since their steps ended. Doing it again changes nothing.
 */
export async function publishResult(
  { job, workload, versions, onAws = false }: PublishRequest,
  ports: VerdictPorts,
): Promise<void> {
  const { manifest, files } = await resultOf(job, workload, ports);
  const receipt = receiptDocuments({ job, attempts: await allAttempts(job.id, workload, ports), versions, onAws });
  const contents: Record<string, Uint8Array | string> = {
    [MANIFEST]: await ports.artifacts.read(files.get(MANIFEST)!.key),
    ...receipt,
    [markerFor(manifest.outcome)]: '',
  };
  for (const path of closingDocuments(manifest.outcome)) {
    await ports.artifacts.putBytes(documentKey(job.id, path), contents[path]!, { result: path });
  }
}

/** What closes a result of this outcome, the marker last. */
export function closingDocuments(outcome: Manifest['outcome']): string[] {
  return [MANIFEST, 'receipt.json', 'receipt.md', markerFor(outcome)];
}

export function documentKey(jobId: string, path: string): string {
  return `jobs/${jobId}/${path}`;
}
