import { type Actor, REFUSALS } from '#core/errors';
import type { Explanation, FailureKind } from '#core/failure';
import type { StoppedTask } from './stopped-task.ts';

/** What is known of a failure. */
export interface Seen {
  jobId: string;
  workload: string;
  name: string;
  /** What the error and its cause say in words. */
  text: string;
  step?: string;
  /** How the task ended; empty where it was none. */
  task: StoppedTask;
  /** How many attempts of the step, or of its shard, were begun; missing where nobody looked. */
  attempts?: number;
  /** Of the largest attempt that could tell. */
  peakMiB: number;
  limitMiB?: number;
  hasLarger?: boolean;
}

type Advice = Pick<Explanation, 'retryHelps' | 'actor' | 'next'>;

interface FailureRule {
  kind: FailureKind;
  /** What says that it is this kind; nothing when it is not. */
  evidence: (seen: Seen) => string[];
  advice: (seen: Seen) => Advice;
}

/**
 * In the order in which they are asked; the first that has evidence decides. Sources of the texts: Amazon ECS developer
 * guide, "Stopped tasks error codes" and "Stopped task error messages"; Step Functions developer guide, "Handling errors";
 * Lambda developer guide, "Troubleshoot execution issues"; for exit codes with an out-of-memory kill
 * github.com/aws/amazon-ecs-agent/issues/1187 and 2467.
 */
export const FAILURE_RULES: readonly FailureRule[] = [
  {
    kind: 'input',
    evidence: ({ name, step }) =>
      isAny(name, REFUSALS) ? [`${step ?? 'The platform'} refused the request with ${name}.`] : [],
    advice: ({ name, jobId, workload }) => ({
      retryHelps: false,
      actor: 'submitter',
      next:
        name === 'InputError'
          ? `stepreel clone ${jobId} --param NAME=VALUE`
          : `stepreel submit ${workload} --input FILE`,
    }),
  },
  {
    kind: 'quota',
    evidence: ({ name, text, task }) => [
      ...(/Quota|(Vcpu|Instance|Service)LimitExceeded/.test(name) ? [`The error is ${name}.`] : []),
      ...said([text, task.stoppedReason], /limit on the number of vCPUs|VcpuLimitExceeded|ServiceQuotaExceeded/),
    ],
    advice: again('operator'),
  },
  {
    // Asked before memory: a task that is told to go may be killed in the end, with 137.
    kind: 'interrupted',
    evidence: ({ text, task }) => [
      ...(isAny(task.stopCode, INTERRUPTIONS) ? [`ECS stopped the task: ${task.stopCode}.`] : []),
      ...said([task.stoppedReason, text], /Spot Task was interrupted|Host EC2 .*(terminated|stopped)/i),
      ...said([text], /told to stop \(SIGTERM\)|the process that ran .* ended before it/i),
      ...(task.exitCode === 143 ? ['The task ended with exit code 143, which is SIGTERM.'] : []),
    ],
    advice: again('nobody, it passes'),
  },
  {
    kind: 'memory',
    evidence: (seen) => {
      const shown = memoryEvidence(seen);
      return shown.length > 0 ? [...shown, ...peak(seen)] : [];
    },
    advice: ({ jobId, step, limitMiB, hasLarger }) =>
      limitMiB !== undefined && hasLarger
        ? { retryHelps: false, actor: 'submitter', next: `stepreel redrive ${jobId} --size next` }
        : { retryHelps: false, actor: 'operator', next: logs(jobId, step) },
  },
  {
    kind: 'interrupted',
    evidence: ({ task }) => said([task.reason], /killed by SIG(TERM|KILL|INT|HUP)/, 'The process was'),
    advice: again('nobody, it passes'),
  },
  {
    // A state's time began and no attempt did: it never got a machine.
    kind: 'capacity',
    evidence: ({ name, attempts, limitMiB, step }) =>
      isAny(name, TIMEOUTS) && attempts === 0 && limitMiB !== undefined
        ? [`No attempt of ${step} began within the time that its state has: it found no machine.`]
        : [],
    advice: again('nobody, it passes'),
  },
  {
    kind: 'time',
    evidence: ({ name, text }) => [
      ...(isAny(name, TIMEOUTS) ? [`The error is ${name}.`] : []),
      ...said([text], /used up its run budget of \d+ s|Task timed out after [\d.]+ seconds|ran longer than its \d+ s/),
    ],
    advice: ({ jobId, step }) => ({ retryHelps: false, actor: 'operator', next: logs(jobId, step) }),
  },
  {
    kind: 'disk',
    evidence: ({ name, text, task }) => [
      ...(name === 'ResourceError' ? ['The error is ResourceError, and not about memory.'] : []),
      ...said([text, task.reason, task.stoppedReason], /ENOSPC|no space left on device/i),
    ],
    advice: ({ name, jobId }) => ({
      retryHelps: false,
      actor: 'operator',
      // What a step recorded as its verdict stands, so the same job can't be taken up.
      next: name === 'ResourceError' ? `stepreel clone ${jobId}` : `stepreel redrive ${jobId}`,
    }),
  },
  {
    kind: 'model',
    evidence: ({ name, step }) => (name === 'ModelError' ? [`${step ?? 'The job'} ended with ModelError.`] : []),
    advice: ({ jobId }) => ({
      retryHelps: false,
      actor: 'model owner',
      next: `stepreel clone ${jobId} --param model=NAME@VERSION`,
    }),
  },
  {
    kind: 'capacity',
    evidence: ({ name, text, task }) => [
      ...(isAny(name, NO_MACHINE) && !NOT_PLACEABLE.test(text) ? [`The error is ${name}: nothing was placed.`] : []),
      ...said(
        [text, task.stoppedReason],
        /Capacity is unavailable at this time|RESOURCE:\w+|InsufficientInstanceCapacity/,
      ),
    ],
    advice: again('nobody, it passes'),
  },
  {
    kind: 'platform',
    evidence: ({ name, step }) => (name === 'ToolError' ? [`${step ?? 'The job'} ended with ToolError.`] : []),
    advice: () => ({ retryHelps: false, actor: 'operator', next: 'stepreel doctor' }),
  },
  {
    kind: 'platform',
    evidence: ({ name, task, step }) => [
      ...(name === 'TransientError' ? [`${step ?? 'The job'} ended with TransientError.`] : []),
      ...(task.stopCode === 'TaskFailedToStart' ? [`ECS could not start the task: ${task.stoppedReason}`] : []),
      ...(SERVICES.test(name) && name !== 'States.TaskFailed' ? [`The error is ${name}, which is not ours.`] : []),
    ],
    advice: again('operator'),
  },
  {
    kind: 'code',
    evidence: ({ name, task, step = 'The step' }) => [
      ...(task.exitCode === undefined ? [] : [`${step} ended with exit code ${task.exitCode} and left no verdict.`]),
      ...said([task.reason], /killed by SIG(SEGV|ABRT|BUS|ILL|FPE|TRAP)/, 'The process was'),
      ...(SERVICES.test(name)
        ? []
        : [`${step} ended with ${name}, which is neither a refusal nor something that passes.`]),
    ],
    advice: ({ jobId, step }) => ({ retryHelps: false, actor: 'operator', next: logs(jobId, step) }),
  },
  {
    kind: 'platform',
    evidence: ({ name, step }) => [`${step ?? 'The job'} ended with ${name} and without an exit code.`],
    advice: again('operator'),
  },
];

const INTERRUPTIONS = ['SpotInterruption', 'TerminationNotice', 'InfrastructureHealth', 'UserInitiated'];
const TIMEOUTS = ['States.Timeout', 'States.HeartbeatTimeout', 'Sandbox.Timedout'];
const NO_MACHINE = [
  'CapacityError',
  'ECS.AmazonECSException',
  'AmazonECS.Unknown',
  'ECS.ThrottlingException',
  'Lambda.TooManyRequestsException',
];
/** What ECS says under the same names of a request that no machine would help. */
const NOT_PLACEABLE = /AccessDenied|not authorized|ClientException|TaskDefinition/;
const SERVICES = /^(ECS|AmazonECS|Lambda|States)\./;

function memoryEvidence({ name, text, task }: Seen): string[] {
  const told = said(
    [task.reason, text],
    /OutOfMemory\w*|out-of-memory|heap out of memory|Cannot allocate memory|\bENOMEM\b|bad_alloc|signal: killed/i,
  );
  if (told.length > 0 || (name === 'ResourceError' && /memory/i.test(text))) {
    return told.length > 0 ? told : [`The error is ResourceError, and about memory.`];
  }
  return task.exitCode === 137
    ? ['The task ended with exit code 137, which is SIGKILL, and nobody had stopped it: probably it ran out of memory.']
    : [];
}

function peak({ peakMiB, limitMiB }: Seen): string[] {
  if (limitMiB === undefined) return [];
  if (peakMiB === 0) return [`It had ${limitMiB} MiB; no attempt lived to tell how much it used.`];
  return [`The largest attempt that could tell had used ${peakMiB} of ${limitMiB} MiB.`];
}

/** The part of a text that matches, quoted. */
function said(texts: (string | undefined)[], pattern: RegExp, lead?: string): string[] {
  for (const text of texts) {
    const line = text?.split('\n').find((one) => pattern.test(one));
    if (line === undefined) continue;
    return [lead === undefined ? `It was said: "${line.trim()}"` : `${lead} ${line.trim()}.`];
  }
  return [];
}

function again(actor: Actor): FailureRule['advice'] {
  return ({ jobId }) => ({ retryHelps: true, actor, next: `stepreel redrive ${jobId}` });
}

function logs(jobId: string, step: string | undefined): string {
  return `stepreel logs ${jobId}${step === undefined ? '' : ` --step ${step}`}`;
}

function isAny(name: string | undefined, names: readonly string[]): boolean {
  return name !== undefined && names.includes(name);
}
