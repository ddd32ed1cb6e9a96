import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import { requireKey } from '#core/artifact-key';
import { asResourceError } from '#core/disk-full';
import { ContractError, InputError, ResourceError, TransientError } from '#core/errors';
import { eachSideBySide } from '#core/side-by-side';
import { buildFolder, checkResultFolder } from '#jobs/result-folder';
import { verifyResult } from '#jobs/verify';
import { resultsSchema } from '#runtime/jobs-api/schemas';
import type { ApiClient } from './api-client.ts';
import { apiPages } from './api-pages.ts';
import { jobPath } from './remote-job.ts';

type ResultsPage = z.infer<typeof resultsSchema>;
type Linked = Partial<ResultsPage['files'][number]> & { path: string };

// So many are on their way at a time; more would wait for the same line.
const SIDE_BY_SIDE = 8;

type ResultsApi = Pick<ApiClient, 'ask' | 'fetchFile'>;

/** The pages of a result. Links hold for a short time, so a page is asked for when the one before was dealt with. */
export function resultPages(api: ResultsApi, id: string): AsyncGenerator<ResultsPage> {
  return apiPages(api, jobPath(id, 'results'), resultsSchema);
}

/**
 * Fetches a result into a folder, which appears when all of it is there and is what the manifest says.
 * @throws InputError when the folder is not empty; TransientError when a file came other than it was sent.
 */
export async function downloadResult(api: ResultsApi, id: string, folder: string): Promise<{ files: number }> {
  await checkResultFolder(folder);
  try {
    return await buildFolder(folder, async (hidden) => {
      let closing: Linked[] = [];
      for await (const { files, documents } of resultPages(api, id)) {
        await eachSideBySide(files, SIDE_BY_SIDE, (file) => fetchOne(api, file, hidden));
        closing = documents;
      }
      for (const document of closing) await fetchOne(api, document, hidden);
      const { problems, files } = await verifyResult(hidden);
      if (problems.length > 0) {
        throw new ContractError(`The result of ${id} is not what its manifest says: ${problems.join('; ')}.`);
      }
      return { files };
    });
  } catch (thrown) {
    throw asResourceError(thrown, folder);
  }
}

async function fetchOne(api: ResultsApi, { path, href, sha256, bytes }: Linked, folder: string): Promise<void> {
  if (href === undefined) {
    throw new InputError(`The API gives no link for ${path}, so it can't be fetched. Take it where the API keeps it.`);
  }
  const target = join(folder, requireKey(path));
  await mkdir(dirname(target), { recursive: true });
  const { body } = await api.fetchFile(href);
  const hash = createHash('sha256');
  let length = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      length += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(body ? Readable.fromWeb(body as never) : [], measure, createWriteStream(target)).catch((thrown) => {
    const full = asResourceError(thrown, folder);
    if (full instanceof ResourceError) throw full;
    throw new TransientError(`${path} broke off after ${length} bytes. Download the result again.`, { cause: thrown });
  });
  if (sha256 === undefined || (hash.digest('hex') === sha256 && length === bytes)) return;
  throw new TransientError(
    `${path} came as other bytes than the manifest says (${length} instead of ${bytes}). Download the result again.`,
  );
}
