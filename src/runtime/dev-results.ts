import { mediaTypeOf } from '#core/artifact';
import type { Uploads } from '#core/ports';
import { closingDocuments, documentKey } from '#jobs/publish';
import { workloadOf } from '#jobs/registry';
import { resultOf } from '#jobs/result';
import type { ResultFile } from './jobs-api/topics/files.ts';
import type { LocalPlatform } from './local.ts';

/** The files of a finished result, by the paths that the manifest gives them, and those paths by artifact key. */
interface Index {
  files: Map<string, { key: string; mediaType: string }>;
  paths: Map<string, string>;
}

type Stores = Pick<LocalPlatform, 'jobs' | 'artifacts' | 'registry'>;

// A result never changes, and each of its files asks for its index: as many are kept as somebody may look at together.
const KEPT_INDEXES = 16;

/** Where the files of results lie on this machine, and the links that the API at home gives for them. */
export function resultFiles(platform: Stores, apiUrl: () => string) {
  const indexes = new Map<string, Promise<Index | undefined>>();
  const indexOf = (jobId: string) => {
    const index = indexes.get(jobId) ?? readIndex(jobId, platform);
    indexes.delete(jobId);
    indexes.set(jobId, index);
    if (indexes.size > KEPT_INDEXES) indexes.delete(indexes.keys().next().value!);
    // A job without a result may have one later.
    const forget = () => indexes.delete(jobId);
    index.then((found) => found ?? forget(), forget);
    return index;
  };

  const links: Pick<Uploads, 'link'> = {
    async link(key) {
      const jobId = key.split('/')[1]!;
      const path = (await indexOf(jobId))!.paths.get(key)!;
      return `${apiUrl()}/jobs/${jobId}/files/${path.split('/').map(encodeURIComponent).join('/')}`;
    },
  };

  return {
    links,
    /** A file of a job's result; undefined when there is no such result or file. */
    async find(jobId: string, path: string): Promise<ResultFile | undefined> {
      const file = (await indexOf(jobId))?.files.get(path);
      return file && { path: await platform.artifacts.local(file.key, ''), mediaType: file.mediaType };
    },
  };
}

async function readIndex(jobId: string, { jobs, artifacts, registry }: Stores): Promise<Index | undefined> {
  const job = await jobs.get(jobId);
  if (job?.status !== 'SUCCEEDED' && job?.status !== 'PARTIAL') return undefined;
  const { manifest, files: artifactsByPath } = await resultOf(job, await workloadOf(job, registry), {
    jobs,
    artifacts,
  });
  const files: Index['files'] = new Map(artifactsByPath);
  for (const path of closingDocuments(manifest.outcome)) {
    const mediaType = path.includes('.') ? mediaTypeOf(path) : 'text/plain';
    files.set(path, { key: documentKey(jobId, path), mediaType });
  }
  return { files, paths: new Map(Array.from(files, ([path, { key }]) => [key, path])) };
}
