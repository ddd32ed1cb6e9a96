import { copyFile, link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artifact } from '#core/artifact';
import { requireKey } from '#core/artifact-key';
import { asResourceError } from '#core/disk-full';
import { ContractError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import type { Job } from '#core/job';
import { MANIFEST, type Manifest, manifestSchema, markerFor } from '#core/manifest';
import type { ArtifactStore, JobStore, WorkloadRegistry } from '#core/ports';
import { buildReceipt, receiptMarkdown } from './receipt.ts';
import { buildFolder, checkResultFolder } from './result-folder.ts';
import { allAttempts, finalVerdicts } from './verdicts.ts';

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
  const workload = await registry.get(job.workload);
  const { manifest, files } = await resultOf(job, await finalVerdicts(job.id, workload, platform), artifacts);
  const receipt = buildReceipt({ job, attempts: await allAttempts(job.id, workload, platform), versions });

  try {
    return await buildFolder(folder, async (hidden) => {
      await placeAll(files, hidden, artifacts);
      await writeFile(join(hidden, 'receipt.json'), `${JSON.stringify(receipt, null, 2)}\n`);
      await writeFile(join(hidden, 'receipt.md'), receiptMarkdown(receipt));
      await writeFile(join(hidden, markerFor(manifest.outcome)), '');
      return { manifest };
    });
  } catch (thrown) {
    throw asResourceError(thrown, folder);
  }
}

/** The manifest and the files of a result, the manifest last. @throws ContractError when the two do not agree. */
async function resultOf(
  job: Job,
  ends: Awaited<ReturnType<typeof finalVerdicts>>,
  artifacts: ArtifactStore,
): Promise<{ manifest: Manifest; files: Map<string, Artifact> }> {
  const results = ends.flatMap(({ verdict }) => verdict.artifacts).filter(({ result }) => result !== undefined);
  const files = new Map(results.map((artifact) => [artifact.result!, artifact]));
  const document = files.get(MANIFEST);
  if (!document) throw new ContractError(`Job ${job.id} left no ${MANIFEST}, so nobody knows what its result is.`);
  const manifest = manifestSchema.parse(JSON.parse(Buffer.from(await artifacts.read(document.key)).toString()));
  files.delete(MANIFEST);

  const listed = Object.keys(manifest.files);
  const problems = [
    ...listed.filter((path) => !files.has(path)).map((path) => `${path} is in the manifest and was left by no step`),
    ...[...files.keys()].filter((path) => !manifest.files[path]).map((path) => `${path} is not in the manifest`),
    ...listed
      .filter((path) => files.has(path) && files.get(path)!.sha256 !== manifest.files[path]!.sha256)
      .map((path) => `${path} has another digest than in the manifest`),
  ];
  if (problems.length > 0) {
    throw new ContractError(
      `The result of ${job.id} is not what its manifest says: ${problems.slice(0, 10).join('; ')}.`,
      {
        details: { problems },
      },
    );
  }
  return { manifest, files: files.set(MANIFEST, document) };
}

// Reading and hashing overlap; more at a time would only wait for the same disk.
const SIDE_BY_SIDE = 8;

async function placeAll(files: Map<string, Artifact>, folder: string, artifacts: ArtifactStore): Promise<void> {
  const folders = new Set([...files.keys()].map((path) => dirname(join(folder, requireKey(path)))));
  for (const path of folders) await mkdir(path, { recursive: true });
  const waiting = files.entries();
  const worker = async () => {
    for (const [path, artifact] of waiting) await place(join(folder, path), artifact, folder, artifacts);
  };
  // All of them have ended before the first failure is told: the folder they write to is removed then.
  const ends = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
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
