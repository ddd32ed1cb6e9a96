import { open, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildEnd, runChild } from '#adapters/local/children';
import type { Job, JobInput } from '#core/job';
import { jobId } from '#core/names';
import type { AttemptRecord, Verdict } from '#core/verdict';
import type { Device, Workload } from '#core/workload';
import { allAttempts, newestVerdict } from '#jobs/verdicts';
import type { TaskMessage } from '../container.ts';
import { openStateFolder, SCRATCH_FOLDER, STATE_FOLDER, WORKLOAD_FOLDER } from '../environment.ts';

const WRAPPER = fileURLToPath(
  new URL(`../../../containers/stepreel-task${extname(import.meta.filename)}`, import.meta.url),
);

export interface AttemptRequest {
  job: string;
  step: string;
  device?: Device;
  /** Ends the attempt when it aborts, as a platform would. */
  signal?: AbortSignal;
  onProgress?: () => void;
}

/** What one attempt of a program came to, and what it was seen to do. */
export interface Seen {
  end: ChildEnd;
  verdict?: Verdict;
  record?: AttemptRecord;
  seconds: number;
  progress: { done: number; total: number }[];
  log: Record<string, unknown>[];
}

/** Runs attempts of a workload's programs in children, as jobs of a state folder of its own: what the platform does. */
export async function openAttempts(workload: Workload, folder: string) {
  const stateFolder = join(folder, 'state');
  const scratchFolder = join(folder, 'scratch');
  const stores = await openStateFolder(stateFolder);
  const { jobs, artifacts } = stores;
  let made = 0;
  let attempts = 0;

  return {
    artifacts,
    jobs,
    scratchFolder,
    async newJob(input: JobInput[], params: Record<string, unknown>): Promise<string> {
      made += 1;
      const id = jobId(workload.name, `contract test ${made}`);
      await jobs.create(startedJob(id, workload, input, params));
      return id;
    },
    async attempt(request: AttemptRequest): Promise<Seen> {
      const { job, step, device = 'cpu', signal = new AbortController().signal, onProgress } = request;
      attempts += 1;
      const path = join(folder, `attempt-${attempts}.jsonl`);
      const log = await open(path, 'a');
      const progress: Seen['progress'] = [];
      const start = performance.now();
      try {
        const end = await runChild({
          program: WRAPPER,
          environment: {
            ...process.env,
            [STATE_FOLDER]: stateFolder,
            [SCRATCH_FOLDER]: scratchFolder,
            [WORKLOAD_FOLDER]: workload.outside!.folder,
            STEPREEL_JOB_ID: job,
            STEPREEL_STEP: step,
            STEPREEL_EXECUTION: job,
            STEPREEL_DEVICE: device,
          },
          log: log.fd,
          signal,
          // The task keeps the program's own grace, at most 120 s, and needs a moment to say what became of it.
          graceMs: 125_000,
          onMessage: (message) => {
            const told = message as TaskMessage;
            if (told.type !== 'progress') return;
            progress.push(told.report);
            onProgress?.();
          },
        });
        const seconds = (performance.now() - start) / 1000;
        const verdict = await newestVerdict({ jobId: job, step }, stores);
        const all = await allAttempts(job, workload, stores);
        const record = all.findLast((one) => one.step === step)?.record;
        const lines = await jsonLines(path);
        return { end, ...(verdict && { verdict }), ...(record && { record }), seconds, progress, log: lines };
      } finally {
        await log.close();
      }
    },
    close() {
      jobs[Symbol.dispose]();
      stores.leases[Symbol.dispose]();
      stores.records[Symbol.dispose]();
    },
  };
}

export type Attempts = Awaited<ReturnType<typeof openAttempts>>;

function startedJob(id: string, { name, version }: Workload, input: JobInput[], params: Record<string, unknown>): Job {
  const now = new Date().toISOString();
  return {
    id,
    workload: name,
    workloadVersion: version,
    team: 'default',
    project: 'default',
    priority: 'normal',
    pool: 'cpu',
    status: 'STARTING',
    input: input.map(({ name: file, uri }) => ({ name: basename(file), uri })),
    params,
    execution: id,
    degraded: [],
    createdAt: now,
    startedAt: now,
  };
}

async function jsonLines(path: string): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      // A crash of the task program itself prints no JSON, and is told by its exit code.
      return [];
    }
  });
}
