import type { Artifact } from '#core/artifact';
import { ContractError } from '#core/errors';
import type { Job } from '#core/job';
import { MANIFEST, type Manifest, manifestSchema } from '#core/manifest';
import type { Workload } from '#core/workload';
import { finalVerdicts, type VerdictPorts } from './verdicts.ts';

export interface Result {
  manifest: Manifest;
  /** By their path in the result, the manifest itself last. */
  files: Map<string, Artifact>;
}

/** The manifest and the files of a result. @throws ContractError when the two do not agree. */
export async function resultOf(job: Job, workload: Workload, ports: VerdictPorts): Promise<Result> {
  const ends = await finalVerdicts(job.id, workload, ports);
  const results = ends.flatMap(({ verdict }) => verdict.artifacts).filter(({ result }) => result !== undefined);
  const files = new Map(results.map((artifact) => [artifact.result!, artifact]));
  const document = files.get(MANIFEST);
  if (!document) throw new ContractError(`Job ${job.id} left no ${MANIFEST}, so nobody knows what its result is.`);
  const manifest = manifestSchema.parse(JSON.parse(Buffer.from(await ports.artifacts.read(document.key)).toString()));
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
