import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Dev, type DevOptions, startDev } from '#runtime/dev';
import { pageOf } from '#runtime/jobs-api/page-files';
import { bundlePage } from '#web/build';
import { aFolder } from './state-folder.ts';
import { toyMachine } from './toy/machine.ts';
import { impatientClock, noModels, toyWorkloads } from './toy/platform.ts';

const servers: Dev[] = [];
afterAll(async () => {
  for (const server of servers.splice(0)) await server.close();
});

export interface PageServer {
  url: string;
  folder: string;
  close(): Promise<void>;
  /** Submits a toy job on these words. @returns its id. */
  submit(words: string, order?: { params?: Record<string, unknown>; name?: string }): Promise<string>;
  /** Asks until the job is in this state. */
  comesTo(jobId: string, status: string): Promise<void>;
}

const bundle = bundlePage();

/** What `stepreel dev` serves, in this process: the page as it is bundled, and jobs of the toy workload that really run. */
export async function aPageServer(folder = aFolder(), options: Partial<DevOptions> = {}): Promise<PageServer> {
  const stateMachines = join(folder, 'statemachines');
  mkdirSync(stateMachines, { recursive: true });
  writeFileSync(join(stateMachines, 'toy.asl.json'), JSON.stringify(toyMachine()));
  const server = await startDev({
    stateFolder: join(folder, 'state'),
    workloads: toyWorkloads,
    models: noModels,
    stateMachines,
    program: join(import.meta.dirname, 'toy/toy-task.ts'),
    clock: impatientClock,
    graceMs: 2000,
    inputRoots: [folder],
    port: 0,
    version: '1.0.0',
    versions: async () => ({}),
    page: pageOf(async (path) => bundle.get(path)),
    onFault: (thrown) => process.stderr.write(`${(thrown as Error).stack}\n`),
    ...options,
  });
  servers.push(server);
  const ask = async (path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(`${server.url}/${path}`, sent)).json()) as { id: string; status: string };
  };
  return {
    url: server.url,
    folder,
    close: () => server.close(),
    async submit(words, { params = {}, name = 'words.txt' } = {}) {
      const input = join(folder, name);
      writeFileSync(input, words);
      return (await ask('jobs', { workload: 'toy', input, params })).id;
    },
    async comesTo(jobId, status) {
      while ((await ask(`jobs/${jobId}`)).status !== status) await new Promise((done) => setTimeout(done, 100));
    },
  };
}
