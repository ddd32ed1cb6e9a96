import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Batch } from '#jobs/batch';
import { BATCH } from '#jobs/batch';
import { openBatchWorker } from '#runtime/batch-worker';
import { type JobsApiOptions, jobsApi } from '#runtime/jobs-api/app';
import { anApi, openApiClient } from './jobs-api.ts';
import { aFolder } from './state-folder.ts';

/** The API on local stores with batches, somebody who works on them, and a folder of files to make jobs of. */
export async function anApiWithBatches(more: Partial<JobsApiOptions> = {}) {
  const folder = aFolder();
  const faults: unknown[] = [];
  const woken: string[] = [];
  const refuse = (uri: string) => (uri.startsWith(`${folder}/`) ? undefined : `${uri} is not yours`);
  const { options: stores, started } = await anApi();
  const options: JobsApiOptions = {
    ...stores,
    wakeBatch: async (id) => void woken.push(id),
    refuseInput: refuse,
    refusePrefix: refuse,
    ...more,
  };
  const ask = await openApiClient(jobsApi(options));
  const worker = openBatchWorker(options, (thrown) => faults.push(thrown));
  return {
    options,
    ask,
    folder,
    /** What was started. */
    started,
    faults,
    /** Which batches somebody was asked to work on. */
    woken,
    worker,
    /** Has all batches worked on that somebody was asked to. */
    async work() {
      for (const id of woken.splice(0)) await worker.wake(id);
      await worker.idle();
    },
    async put(name: string, text = 'words'): Promise<string> {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    },
    submit: (body: object, headers: Record<string, string> = {}) =>
      ask('POST', '/batches', { body: { workload: 'toy', ...body }, headers }),
    async recordOf(id: string): Promise<Batch> {
      return (await options.records.get<Batch>(BATCH, id))!.value;
    },
  };
}
