import { isRefusal } from '#core/errors';
import type { Job, JobInput } from '#core/job';
import type { ArtifactStore, JobStore } from '#core/ports';
import type { Priority } from '#core/queue';
import type { Workload } from '#core/workload';
import { type PastJob, type Quote, type QuoteFacts, quoteOf } from './quote.ts';
import { type ExpectedWait, expectedWait, type WaitPorts } from './quote-wait.ts';

export interface QuotePorts extends Omit<WaitPorts, 'jobs'> {
  jobs: Pick<JobStore, 'list'> & WaitPorts['jobs'];
  artifacts: Pick<ArtifactStore, 'openInput'>;
}

export interface QuoteRequest {
  workload: Workload;
  team: string;
  input: JobInput[];
  plan: QuoteFacts['plan'];
  /** `normal` if not given. */
  priority?: Priority | undefined;
}

export interface JobQuote extends Quote {
  wait: ExpectedWait;
}

// What jobs took some time ago says little about today.
const LOOKED_AT = 50;

/** What a job would take, from the last jobs of the same team and workload that have a result. */
export async function quoteJob(request: QuoteRequest, ports: QuotePorts): Promise<JobQuote> {
  const { workload, team, input, plan, priority = 'normal' } = request;
  const { jobs, artifacts } = ports;
  const past = await pastJobs(workload, team, jobs);
  const inputBytes = await bytesOf(input, artifacts);
  const quote = quoteOf({ workload, plan, past, inputBytes });
  const pool = Object.values(plan).includes('gpu') ? 'gpu' : 'cpu';
  return { ...quote, wait: await expectedWait({ pool, priority, team }, quote.seconds.likely, ports) };
}

/** What the last jobs of a team that have a result tell of the next one. */
export async function pastJobs(workload: Workload, team: string, jobs: Pick<JobStore, 'list'>): Promise<PastJob[]> {
  const ended = await jobs.list({
    team,
    workload: workload.name,
    status: ['SUCCEEDED', 'PARTIAL'],
    limit: LOOKED_AT,
  });
  return ended.jobs.flatMap((job) => pastJob(job, workload));
}

/** Only one that did everything in one go, as a new job would, and as this version does it. */
function pastJob({ charge, startedAt, endedAt, reused = [], ...job }: Job, { version }: Workload): PastJob[] {
  const isWhole = reused.length === 0 && (job.execution === undefined || job.execution === job.id);
  if (!charge || !startedAt || !endedAt || !isWhole || job.workloadVersion !== version) return [];
  const { usd, inputBytes, steps } = charge;
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  return [{ seconds, usd, ...(inputBytes === undefined ? {} : { inputBytes }), ...(steps ? { steps } : {}) }];
}

/** Undefined for an input that is not there, or not yet: submitting it will say so. */
export async function bytesOf(
  input: JobInput[],
  artifacts: Pick<ArtifactStore, 'openInput'>,
): Promise<number | undefined> {
  let bytes = 0;
  for (const one of input) {
    try {
      const source = await artifacts.openInput(one);
      await source.close();
      bytes += source.size;
    } catch (thrown) {
      if (isRefusal(thrown)) return undefined;
      throw thrown;
    }
  }
  return bytes;
}
