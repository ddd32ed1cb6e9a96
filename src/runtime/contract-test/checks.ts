import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { JobInput } from '#core/job';
import { canonicalJson } from '#core/names';
import type { Verdict } from '#core/verdict';
import type { ProgramStep } from '#core/workload-definition';
import type { Attempts, Seen } from './attempts.ts';
import { changesBetween, type FolderState, folderState } from './folder-state.ts';

export type Outcome = 'kept' | 'violated' | 'warning' | 'skipped';

/** One promise of the contract, and whether the program keeps it. */
export interface Finding {
  step: string;
  check: string;
  outcome: Outcome;
  /** What was seen, and where it is not as it should be, what to do. */
  found: string;
}

export interface CheckedProgram {
  step: string;
  definition: ProgramStep;
  /** Where the program lies. */
  folder: string;
  input: JobInput[];
  params: Record<string, unknown>;
  attempts: Attempts;
  /** Makes a job in which the steps before this one are done. */
  readyJob: (input?: JobInput[]) => Promise<string>;
}

/** Runs a program through everything that the contract promises of it. The order is that of a person's questions. */
export async function checkProgram(program: CheckedProgram): Promise<Finding[]> {
  const { step, attempts, readyJob } = program;
  const places = [program.folder, ...new Set(program.input.map(({ uri }) => dirname(uri)))];
  const before = await folderState(places);
  const first = await attempts.attempt({ job: await readyJob(), step });
  const finding = (check: string, [outcome, found]: [Outcome, string]): Finding => ({ step, check, outcome, found });

  const findings = [finding('ends with a verdict', endsWithVerdict(first))];
  if (first.verdict?.status !== 'succeeded') return findings;
  findings.push(finding('progress goes forward', progressGoesForward(first)));
  const second = await attempts.attempt({ job: await readyJob(), step });
  findings.push(finding('same input, same bytes', sameBytes(first.verdict, second.verdict)));
  findings.push(
    ...(await stopAndTryAgain(program, first, first.verdict)).map(([check, result]) => finding(check, result)),
  );
  findings.push(finding('refuses what it cannot read', await refusal(program)));
  findings.push(finding('writes in its folders only', ownFolders(before, await folderState(places))));
  findings.push(finding('uses the GPU when asked to', await usesGpu(program)));
  return findings;
}

function endsWithVerdict({ verdict, record, end, log }: Seen): [Outcome, string] {
  if (verdict?.status === 'succeeded') {
    const files = verdict.artifacts.length;
    return ['kept', `${files} file${files === 1 ? '' : 's'} and an output document`];
  }
  if (verdict) return ['violated', `it refused the example: ${verdict.error.name}, ${verdict.error.message}`];
  const told = record?.error?.message ?? String(log.findLast(({ level }) => level === 'ERROR')?.message ?? '');
  return ['violated', `no verdict (exit code ${end.exitCode ?? end.killedBy}): ${told}`];
}

function progressGoesForward({ progress, log }: Seen): [Outcome, string] {
  const backwards = log.find(({ message }) => message === 'progress went backwards and was left out');
  if (backwards)
    return ['violated', `after ${backwards.furthest} came ${backwards.done}. Count what is done, from 0 on.`];
  const beyond = progress.find(({ done, total }) => done > total);
  if (beyond) return ['violated', `${beyond.done} of ${beyond.total} is more than all. State the total beforehand.`];
  const last = progress.at(-1);
  if (!last)
    return [
      'warning',
      'it told no progress: people see nothing until it ends. Print {"progress": {"done": 1, "total": 10}}.',
    ];
  return ['kept', `${progress.length} reports, the last ${last.done} of ${last.total}`];
}

function sameBytes(first: Verdict, second: Verdict | undefined): [Outcome, string] {
  if (second?.status !== 'succeeded') return ['violated', 'the same input was done once and not the second time'];
  if (canonicalJson(contentOf(first)) === canonicalJson(contentOf(second))) return ['kept', 'two runs gave the same'];
  const differing = first.artifacts
    .filter(({ name, sha256 }) => second.artifacts.find((other) => other.name === name)?.sha256 !== sha256)
    .map(({ name }) => name);
  return [
    'warning',
    `two runs differ in ${differing.join(', ') || 'the output document'}: nobody can tell a change from chance`,
  ];
}

/** What of a verdict follows from the input: not where it lies. */
function contentOf(verdict: Verdict): unknown {
  const files = verdict.artifacts.map(({ name, sha256 }) => ({ name, sha256 }));
  return { status: verdict.status, output: verdict.status === 'succeeded' ? verdict.output : verdict.error, files };
}

/**
 * Stops an attempt on the way, then makes the second attempt of the same job. A program is at work when it tells its first
 * progress; one that tells none, after half the time that it took before.
 */
async function stopAndTryAgain(
  program: CheckedProgram,
  first: Seen,
  whole: Verdict,
): Promise<[string, [Outcome, string]][]> {
  const { step, definition, attempts, readyJob } = program;
  const job = await readyJob();
  const stop = new AbortController();
  let stoppedAt = 0;
  const halt = () => {
    if (stoppedAt > 0) return;
    stoppedAt = performance.now();
    stop.abort(new Error('contract test'));
  };
  const running = attempts.attempt({ job, step, signal: stop.signal, onProgress: halt });
  const timer = first.progress.length > 0 ? undefined : setTimeout(halt, first.seconds * 500);
  const seen = await running.finally(() => clearTimeout(timer));
  const took = (performance.now() - stoppedAt) / 1000;
  const ending: [string, [Outcome, string]] = [
    'ends when it is told to',
    endsPromptly(seen, took, definition.graceSeconds),
  ];
  if (seen.verdict)
    return [ending, ['a second attempt begins anew', ['skipped', 'it was done before it could be stopped']]];

  const left = await keysWithDigests(job, attempts);
  const again = await attempts.attempt({ job, step });
  const kept = await keysWithDigests(job, attempts);
  const touched = [...left].filter(([key, digest]) => kept.get(key) !== digest).map(([key]) => key);
  const same = again.verdict && canonicalJson(contentOf(again.verdict)) === canonicalJson(contentOf(whole));
  const outcome: [Outcome, string] =
    touched.length > 0
      ? ['violated', `the second attempt changed what the first left: ${touched.join(', ')}`]
      : again.verdict?.status !== 'succeeded'
        ? ['violated', 'after a stopped attempt the second one did not succeed: does it rely on what the first left?']
        : same
          ? ['kept', 'it gave what a first attempt gives']
          : ['warning', 'it gave something else than a first attempt'];
  return [ending, ['a second attempt begins anew', outcome]];
}

function endsPromptly({ verdict, end }: Seen, took: number, graceSeconds: number): [Outcome, string] {
  if (verdict) return ['skipped', 'it was done before it could be stopped; try it on a larger input'];
  const seconds = `${took.toFixed(1)} s`;
  if (end.exitCode === 0) return ['violated', 'it was stopped, and its task ended as if all were done'];
  return took > graceSeconds
    ? ['violated', `it took ${seconds}, and its grace is ${graceSeconds} s: it was killed. Handle SIGTERM.`]
    : ['kept', `${seconds} after SIGTERM, without a verdict`];
}

async function keysWithDigests(job: string, { artifacts }: Attempts): Promise<Map<string, string>> {
  const keys = await artifacts.list(`jobs/${job}/`);
  const found = new Map<string, string>();
  for (const key of keys) found.set(key, Buffer.from(await artifacts.read(key)).toString('base64'));
  return found;
}

/** Bytes that are of no format. */
async function refusal({ step, input, attempts, readyJob }: CheckedProgram): Promise<[Outcome, string]> {
  const noise = Buffer.from(Array.from({ length: 256 }, (_, index) => (index * 167 + 13) % 256));
  const files = input.map(({ name }, index) => ({ name, uri: join(attempts.scratchFolder, `noise-${index}`) }));
  for (const { uri } of files) await writeFile(uri, noise);
  const job = await readyJob(files).catch(() => undefined);
  if (job === undefined) return ['skipped', 'a step before it refuses such a file'];
  const { verdict, end, record } = await attempts.attempt({ job, step });
  if (verdict?.status === 'rejected') return ['kept', `${verdict.error.name}: ${verdict.error.message}`];
  if (verdict) return ['skipped', 'it takes any bytes'];
  return [
    'warning',
    `bytes of no format made it fail (${record?.error?.message ?? `exit code ${end.exitCode}`}): the job would be tried four times. End with 65 and say why on stderr.`,
  ];
}

function ownFolders(before: FolderState, after: FolderState): [Outcome, string] {
  const changes = changesBetween(before, after);
  if (changes.length === 0) return ['kept', 'its own files and its inputs are as they were'];
  return ['violated', `${changes.slice(0, 5).join('; ')}. Write to STEPREEL_OUTPUT or STEPREEL_SCRATCH.`];
}

const GPU_LOOK_MS = 200;

async function usesGpu({ definition, step, attempts, readyJob }: CheckedProgram): Promise<[Outcome, string]> {
  if (!definition.devices.includes('gpu')) return ['skipped', 'its definition does not ask for one'];
  const idle = await gpuProcesses();
  if (!idle) return ['skipped', 'there is no GPU on this machine (nvidia-smi does not answer)'];
  let isDone = false;
  const running = attempts.attempt({ job: await readyJob(), step, device: 'gpu' }).finally(() => {
    isDone = true;
  });
  let wasSeen = false;
  while (!isDone && !wasSeen) {
    wasSeen = [...((await gpuProcesses()) ?? [])].some((pid) => !idle.has(pid));
    await sleep(GPU_LOOK_MS);
  }
  const { verdict } = await running;
  if (verdict?.status !== 'succeeded') return ['violated', 'it did not succeed with STEPREEL_DEVICE=gpu'];
  return wasSeen
    ? ['kept', 'the driver listed a new process while it ran']
    : [
        'violated',
        'it was asked to use the GPU, and the driver listed no new process. Refuse to run rather than fall back.',
      ];
}

/** The processes that compute on a GPU now; undefined where there is none. */
async function gpuProcesses(): Promise<Set<string> | undefined> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-compute-apps=pid', '--format=csv,noheader']);
    return new Set(stdout.split('\n').filter((line) => line.trim() !== ''));
  } catch {
    return undefined;
  }
}
