import { InputNotFoundError, isRefusal } from '#core/errors';
import type { Job } from '#core/job';
import type { ArtifactStore, Executions, HistoryEvent, WorkloadRegistry } from '#core/ports';
import type { Charge } from '#core/price';
import { inOrderAhead } from '#core/side-by-side';
import { chargeOf } from './charge.ts';
import { executionNames } from './execution-names.ts';
import { explainFailure } from './explain-failure.ts';
import { workloadOf } from './registry.ts';
import { allAttempts, type VerdictPorts } from './verdicts.ts';

export interface AccountPorts extends VerdictPorts {
  executions: Pick<Executions, 'history'>;
  registry: WorkloadRegistry;
}

/**
 * What a job is told at its end, beside how it ended: what it took over all its starts and, where it failed, why. It is
 * made anew of what its attempts left, so that settling twice charges once.
 */
export async function accountOf(job: Job, ports: AccountPorts): Promise<Pick<Job, 'charge' | 'error'>> {
  const { error } = job;
  const workload = await workloadOf(job, ports.registry).catch((thrown) => {
    // A workload that was taken away while its job ran: how big its steps were, nobody knows any more.
    if (isRefusal(thrown)) return undefined;
    throw thrown;
  });
  if (!workload) return error ? { error: { ...error, explanation: explainFailure({ job, error }) } } : {};
  const attempts = await allAttempts(job.id, workload, ports);
  const histories = await jobHistories(job, ports.executions);
  const charge: Charge = { ...chargeOf({ job, workload, attempts, histories }), ...(await inputBytes(job, ports)) };
  if (!error) return { charge };
  const explanation = explainFailure({ job, error, history: histories.at(-1) ?? [], attempts, workload });
  return { charge, error: { ...error, explanation } };
}

/** The histories of all starts of a job, in order; nothing of a start that did not come about. */
async function jobHistories(job: Job, executions: Pick<Executions, 'history'>): Promise<HistoryEvent[][]> {
  const histories: HistoryEvent[][] = [];
  for (const execution of executionNames(job)) {
    try {
      histories.push(await executions.history(execution));
    } catch (thrown) {
      if (!(thrown instanceof InputNotFoundError)) throw thrown;
    }
  }
  return histories;
}

// Each is one request to the object store.
const SIDE_BY_SIDE = 8;

/** The size of what a job was given, for quotes of jobs to come. Only of one that has a result: an input that is gone says nothing. */
async function inputBytes({ input, status }: Job, { artifacts }: AccountPorts): Promise<Pick<Charge, 'inputBytes'>> {
  if (status !== 'SUCCEEDED' && status !== 'PARTIAL') return {};
  let bytes = 0;
  for await (const size of inOrderAhead(input, SIDE_BY_SIDE, (one) => sizeOfInput(one, artifacts))) {
    if (size === undefined) return {};
    bytes += size;
  }
  return { inputBytes: bytes };
}

async function sizeOfInput(
  input: Job['input'][number],
  artifacts: Pick<ArtifactStore, 'openInput'>,
): Promise<number | undefined> {
  try {
    const source = await artifacts.openInput(input);
    await source.close();
    return source.size;
  } catch (thrown) {
    // Its owner may have taken it away since.
    if (isRefusal(thrown)) return undefined;
    throw thrown;
  }
}
