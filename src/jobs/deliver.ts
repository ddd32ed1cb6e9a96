import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifact } from '#core/artifact';
import { requireKey } from '#core/artifact-key';
import { asResourceError } from '#core/disk-full';
import { ContractError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import type { Job } from '#core/job';
import { type Manifest, markerFor } from '#core/manifest';
import type { ArtifactStore, JobStore, WorkloadRegistry } from '#core/ports';
import { eachSideBySide } from '#core/side-by-side';
import { receiptDocuments } from './receipt.ts';
import { workloadOf } from './registry.ts';
import { resultOf } from './result.ts';
import { buildFolder, checkResultFolder } from './result-folder.ts';
import { allAttempts } from './verdicts.ts';

export { checkResultFolder };

export interface DeliverRequest {
  /** A job that SUCCEEDED or is PARTIAL. */
  job: Job;
  /** Where the result goes. */
  folder: string;
  /** Put it in the place of what lies there. */
  replace?: boolean;
  platform: { artifacts: ArtifactStore; jobs: JobStore; registry: WorkloadRegistry };
  /** For the receipt: versions of what did the work. */
  versions: Record<string, string>;
}

/**
 * Puts a finished job's result into a folder: the files of the manifest, with their digests checked, then the manifest,
 * the receipt and the marker. The folder appears at once when all of it is there. Files are hard links where the disk
 * allows it.
 * @throws InputError when the folder is not empty; ResourceError when the disk is full; ContractError when the result is
 * not what its manifest says. Nothing is visible then.
 */
export async function deliverResult(request: DeliverRequest): Promise<{ manifest: Manifest }> {
  const { job, folder, replace = false, platform, versions } = request;
  if (job.status !== 'SUCCEEDED' && job.status !== 'PARTIAL') {
    throw new ContractError(`Job ${job.id} is ${job.status}; only a job that SUCCEEDED or is PARTIAL has a result.`);
  }
  await checkResultFolder(folder, { replace });
  const { artifacts, registry } = platform;
  const workload = await workloadOf(job, registry);
  const { manifest, files } = await resultOf(job, workload, platform);
  const receipt = receiptDocuments({ job, attempts: await allAttempts(job.id, workload, platform), versions });

  try {
    return await buildFolder(folder, async (hidden) => {
      await placeAll(files, hidden, artifacts);
      for (const [name, text] of Object.entries(receipt)) await writeFile(join(hidden, name), text);
      await writeFile(join(hidden, markerFor(manifest.outcome)), '');
      return { manifest };
    });
  } catch (thrown) {
    throw asResourceError(thrown, folder);
  }
}

// Reading and hashing overlap; more at a time would only wait for the same disk.
const SIDE_BY_SIDE = 8;

async function placeAll(files: Map<string, Artifact>, folder: string, artifacts: ArtifactStore): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(folder, requireKey(path)))));
  for (const path of folders) await mkdir(path, { recursive: true });
  await eachSideBySide(files, SIDE_BY_SIDE, ([path, artifact]) =>
    place(join(folder, path), artifact, folder, artifacts),
  );
}

async function place(
  target: string,
  { key, sha256 }: Artifact,
  folder: string,
  artifacts: ArtifactStore,
): Promise<void> {
  const source = await artifacts.local(key, folder);
  const found = await digestFile(source);
  if (found.sha256 !== sha256) {
    throw new ContractError(
      `The artifact ${key} has changed since it was written: expected SHA-256 ${sha256}, found ${found.sha256}.`,
    );
  }
  await link(source, target).catch(() => copyFile(source, target));
}
