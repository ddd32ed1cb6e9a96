import { toErrorDocument } from '#core/errors';
import { isSettled, type Job } from '#core/job';
import type { HeldLease } from '#core/leases';
import type { ExecutionStatus, Executions } from '#core/ports';
import { eachSideBySide } from '#core/side-by-side';
import type { AdmitPorts } from './admit.ts';
import { cancelJob } from './cancel.ts';
import { keepDeadLetter } from './dead-letter.ts';
import { executionStatusEvent } from './execution-event.ts';
import { type SettlePorts, settleJob } from './settle.ts';
import { failJob } from './start.ts';

export type ReconcilePorts = AdmitPorts &
  SettlePorts & { executions: Pick<Executions, 'start' | 'stop' | 'status' | 'history'> };

export interface ReconcileOptions {
  /** Looks at executions whose leases have not expired, too: where that costs nothing. */
  all?: boolean;
  /** Nobody but us can be at work: what is not there will not come. */
  alone?: boolean;
}

export interface Reconciled {
  /** Jobs whose end nobody had told. */
  settled: string[];
  /** Executions that held places and are no more. */
  released: string[];
  failed: { jobId: string; name: string; message: string }[];
}

// As long as an execution may be under way before somebody looks whether it still is.
const RENEWED_MS = 10 * 60_000;
const AT_ONCE = 8;

/**
 * Compares the places that are taken with the executions that there are: an end that nobody told is settled, a start that
 * nobody recorded is recorded, and a place that nothing stands behind is given back. A lease counts until its execution was
 * looked at here, however long ago it expired. Harmless when repeated.
 */
export async function reconcile(ports: ReconcilePorts, options: ReconcileOptions = {}): Promise<Reconciled> {
  const reconciled: Reconciled = { settled: [], released: [], failed: [] };
  const byHolder = Map.groupBy(await ports.leases.all(), ({ holder }) => holder);
  await eachSideBySide(byHolder.values(), AT_ONCE, async (leases) => {
    try {
      await lookAt(leases, ports, options, reconciled);
    } catch (thrown) {
      // One execution that can't be looked at must not keep the others' places.
      const { name, message } = toErrorDocument(thrown);
      reconciled.failed.push({ jobId: leases[0]!.jobId, name, message });
    }
  });
  return reconciled;
}

async function lookAt(leases: HeldLease[], ports: ReconcilePorts, options: ReconcileOptions, reconciled: Reconciled) {
  const { jobs, executions, now = () => new Date() } = ports;
  const { holder, jobId } = leases[0]!;
  const isExpired = options.alone || leases.some(({ until }) => until <= now().toISOString());
  const job = await jobs.get(jobId);
  const isOver = !job || isSettled(job.status) || job.execution !== holder;
  if (!isExpired && !isOver && !options.all) return;
  const found = await executions.status(holder);
  if (found?.status === 'RUNNING') {
    await seeToRunning(holder, job, ports);
    if (isExpired) await renew(leases, ports);
    return;
  }
  if (found) {
    if (job) await settleFound(job, holder, found, ports, reconciled);
  } else {
    // Whoever holds the place may be about to start it.
    if (!isExpired) return;
    if (job) await endUnstarted(job, holder, ports);
  }
  for (const { quota, token } of leases) await ports.leases.give(quota, holder, token);
  reconciled.released.push(holder);
}

async function renew(leases: HeldLease[], { leases: places, now = () => new Date() }: ReconcilePorts): Promise<void> {
  const until = new Date(now().getTime() + RENEWED_MS).toISOString();
  for (const { quota, holder } of leases) await places.renew(quota, holder, until);
}

/** Whoever started or cancelled it may have died before it said so. */
async function seeToRunning(holder: string, job: Job | undefined, ports: ReconcilePorts): Promise<void> {
  const { jobs, executions, now = () => new Date() } = ports;
  if (job?.execution !== holder) return;
  if (job.status === 'QUEUED') await jobs.transition(job.id, 'STARTING', { startedAt: now().toISOString() }, holder);
  if (job.status === 'CANCELING' || job.status === 'CANCELED') await executions.stop(holder);
}

async function settleFound(
  job: Job,
  holder: string,
  found: Exclude<ExecutionStatus, { status: 'RUNNING' }>,
  ports: ReconcilePorts,
  { settled }: Reconciled,
): Promise<void> {
  const { id: jobId, workload, team, project } = job;
  // Settled under another clock's time, it may lack its letter alone.
  const endedAt = job.execution === holder ? (job.endedAt ?? found.endedAt) : found.endedAt;
  const request = { jobId, name: holder, workload, input: { jobId, team, project, plan: {} } };
  if (await settleJob(executionStatusEvent(request, found, new Date(endedAt)), ports)) settled.push(jobId);
}

/** There is no such execution: it was never started, or the process that ran it is no more. */
async function endUnstarted(job: Job, holder: string, ports: ReconcilePorts): Promise<void> {
  if (job.execution !== holder) return;
  // Who recorded a start that can't succeed may have died before its letter was written.
  if (isSettled(job.status)) await keepDeadLetter(job, ports.deadLetters);
  if (job.status === 'CANCELING') await cancelJob(job, ports);
  if (job.status === 'STARTING' || job.status === 'RUNNING') await failJob(job, gone(holder), ports);
}

function gone(holder: string) {
  const message = `The execution ${holder} was under way and is there no more: what ran it has ended. Replay the job.`;
  return { name: 'TransientError', message };
}
