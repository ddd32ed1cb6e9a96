import { arch, availableParallelism, platform, totalmem } from 'node:os';
import type { Job, Reuse } from '#core/job';
import type { Charge } from '#core/price';
import { receiptCosts } from './receipt-costs.ts';
import type { Attempt } from './verdicts.ts';

/** receipt.json: what a job took. All of it differs from run to run; the result's manifest does not hash it. */
export interface Receipt {
  receipt: 1;
  job: Pick<Job, 'id' | 'workload' | 'workloadVersion' | 'status' | 'createdAt' | 'startedAt' | 'endedAt'>;
  /** From the start of the execution to its end. */
  seconds: number;
  steps: StepReceipt[];
  attempts: AttemptReceipt[];
  /** Steps that cost nothing, because another job had done the same. */
  reused: Reuse[];
  /** By the list prices of AWS; there once the job has ended. */
  cost?: (Charge & { paid: Paid }) | undefined;
  versions: Record<string, string>;
  host: { platform: string; arch: string; cores: number; memoryGiB: number };
}

/** Whether what it cost is really paid. */
export const PAID = ['on AWS', 'nothing: it ran on a machine of your own'] as const;
export type Paid = (typeof PAID)[number];

export interface StepReceipt {
  step: string;
  /** How many parts it ran as; 1 for a step that was not fanned out. */
  parts: number;
  attempts: number;
  /** Sum over all attempts; parts that ran side by side make it longer than the clock. */
  seconds: number;
  cpuSeconds: number;
  /** Of the largest attempt. */
  peakMemoryMiB: number;
}

export interface AttemptReceipt {
  step: string;
  shard?: number;
  attempt: number;
  startedAt?: string;
  seconds?: number;
  cpuSeconds?: number;
  peakMemoryMiB?: number;
  /** `succeeded`, `reused` when another job did the work, the error it ended with, or `killed` when it could not say. */
  ended: string;
}

export interface ReceiptFacts {
  job: Job;
  attempts: Attempt[];
  /** Of the programs and libraries that did the work, by name. */
  versions: Record<string, string>;
  onAws?: boolean;
}

/** The receipt's documents, by their name in a result. */
export function receiptDocuments(facts: ReceiptFacts): Record<'receipt.json' | 'receipt.md', string> {
  const receipt = buildReceipt(facts);
  return { 'receipt.json': `${JSON.stringify(receipt, null, 2)}\n`, 'receipt.md': receiptMarkdown(receipt) };
}

export function buildReceipt({ job, attempts, versions, onAws = false }: ReceiptFacts): Receipt {
  const { id, workload, workloadVersion, status, createdAt, startedAt, endedAt, charge, reused = [] } = job;
  const paid = onAws ? PAID[0] : PAID[1];
  const times = { createdAt, ...(startedAt ? { startedAt } : {}), ...(endedAt ? { endedAt } : {}) };
  return {
    receipt: 1,
    job: { id, workload, workloadVersion, status, ...times },
    seconds: startedAt && endedAt ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000 : 0,
    steps: [...new Set(attempts.map(({ step }) => step))].map((step) =>
      stepReceipt(
        step,
        attempts.filter((attempt) => attempt.step === step),
      ),
    ),
    attempts: attempts.map(attemptReceipt),
    reused,
    ...(charge ? { cost: { ...charge, paid } } : {}),
    versions,
    host: {
      platform: platform(),
      arch: arch(),
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
    },
  };
}

function stepReceipt(step: string, attempts: Attempt[]): StepReceipt {
  const records = attempts.flatMap(({ record }) => record ?? []);
  const sum = (field: 'seconds' | 'cpuSeconds') =>
    Math.round(1000 * records.reduce((total, record) => total + record[field], 0)) / 1000;
  return {
    step,
    parts: new Set(attempts.map(({ shard }) => shard)).size,
    attempts: attempts.length,
    seconds: sum('seconds'),
    cpuSeconds: sum('cpuSeconds'),
    peakMemoryMiB: Math.max(0, ...records.map(({ peakMemoryMiB }) => peakMemoryMiB)),
  };
}

function attemptReceipt({ step, shard, attempt, record }: Attempt): AttemptReceipt {
  const place = { step, ...(shard === undefined ? {} : { shard }), attempt };
  if (!record) return { ...place, ended: 'killed' };
  const { startedAt, seconds, cpuSeconds, peakMemoryMiB, error, reusedFrom } = record;
  return {
    ...place,
    startedAt,
    seconds,
    cpuSeconds,
    peakMemoryMiB,
    ended: error?.name ?? (reusedFrom ? 'reused' : 'succeeded'),
  };
}

/** receipt.md: the same for people, a table of steps first. */
export function receiptMarkdown(receipt: Receipt): string {
  const { job, seconds, steps, attempts, versions, host } = receipt;
  const retried = attempts.filter(({ ended }) => ended !== 'succeeded' && ended !== 'reused');
  const lines = [
    `# Receipt of ${job.id}`,
    '',
    `${job.workload} ${job.workloadVersion}, ${job.status}, ${seconds.toFixed(2)} s from start to end.`,
    '',
    '| Step | Parts | Attempts | Seconds | CPU seconds | Peak memory, MiB |',
    '|---|---:|---:|---:|---:|---:|',
    ...steps.map(
      (step) =>
        `| ${step.step} | ${step.parts} | ${step.attempts} | ${step.seconds.toFixed(2)} | ${step.cpuSeconds.toFixed(2)} | ${step.peakMemoryMiB} |`,
    ),
    '',
    ...receiptCosts(receipt),
    ...(retried.length > 0 ? ['## Attempts that left no result', '', ...retried.map(describeAttempt), ''] : []),
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    `Host: ${host.platform} ${host.arch}, ${host.cores} cores, ${host.memoryGiB} GiB.`,
    '',
  ];
  return lines.join('\n');
}

function describeAttempt({ step, shard, attempt, ended, seconds }: AttemptReceipt): string {
  const where = shard === undefined ? step : `${step}, shard ${shard}`;
  return `- ${where}, attempt ${attempt}: ${ended}${seconds === undefined ? '' : ` after ${seconds.toFixed(2)} s`}`;
}
