import type { Job } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import { addUsage, type Charge, chargeFor, NO_USAGE, type Usage } from '#core/price';
import { CPU_UNITS, diskFor, sizeOf } from '#core/sizes';
import type { Device, Placement, Size, Workload } from '#core/workload';
import { type TaskRun, taskRuns, transitionsIn } from './task-runs.ts';
import type { Attempt } from './verdicts.ts';

export interface ChargeFacts {
  job: Pick<Job, 'sizes'>;
  workload: Workload;
  /** Of all starts of the job. */
  attempts: Attempt[];
  /** One of each start. */
  histories: HistoryEvent[][];
}

// Fargate and machines by the second count a task as a minute at least.
const LEAST_TASK_SECONDS = 60;
// The clocks of a task and of its state machine need not agree to the second.
const CLOCKS_APART_MS = 5_000;
const FREE_DISK_GIB = 20;
const MIB_PER_GIB = 1024;

/**
 * What a run of a step asks of stores and tables, beside its artifacts and its progress: read off what a run does, not
 * measured on a bill. Objects: the record, the verdict, their names looked for; the job, the counter, the transition.
 */
const REQUESTS_A_RUN = { s3Puts: 2, s3Gets: 6, tableWrites: 3, tableReads: 6 };

/**
 * What a job took over all its starts, and what that costs. A container is paid for by its size and time, its image's
 * download not counted. An attempt's time is in its record. One that was killed left none: it counts as long as its task
 * was under way in the history, its wait for a machine included; where the history does not show it, as the least time.
 * A step taken over from another job costs nothing.
 */
export function chargeOf({ job, workload, attempts, histories }: ChargeFacts): Charge {
  const runs = histories.flatMap(taskRuns);
  const steps = Object.entries(workload.steps).flatMap(([step, placed]): [string, Usage][] => {
    const own = attempts.filter((attempt) => attempt.step === step && attempt.record?.reusedFrom === undefined);
    const its = runs.filter(({ state }) => state === step || state === `${step}OnCpu`);
    const counted = shardsOf(own, its).flatMap((shard) =>
      countedRuns(ofShard(own, shard), ofShard(its, shard), placed),
    );
    if (counted.length === 0) return [];
    const declared = placed.runs === 'container' ? sizeOf(step, placed, job.sizes) : undefined;
    return [[step, counted.map((run) => usageOf(run, step, placed, declared)).reduce(addUsage, NO_USAGE)]];
  });
  const transitions = histories.reduce((sum, history) => sum + transitionsIn(history), 0);
  return chargeFor(Object.fromEntries(steps), transitions);
}

interface CountedRun {
  seconds: number;
  artifacts: number;
  run?: TaskRun;
}

/** The runs of a step or shard that are paid for, each with the time that it counts. */
function countedRuns(attempts: Attempt[], runs: TaskRun[], { runs: place }: Placement): CountedRun[] {
  const left = [...runs];
  const recorded = attempts.flatMap(({ record }): CountedRun[] => {
    if (!record) return [];
    const run = takeRunOf(Date.parse(record.startedAt), left);
    return [{ seconds: record.seconds, artifacts: record.artifacts ?? 0, ...(run ? { run } : {}) }];
  });
  // What is left succeeded without an attempt, because there was a verdict already, or was killed, or never began.
  const idle = left
    .filter(({ succeeded }) => succeeded)
    .map((run) => ({ seconds: place === 'lambda' ? 0 : lasted(run), artifacts: 0, run }));
  const unrecorded = attempts.filter(({ record }) => !record).length;
  const ended = left.filter(({ succeeded }) => !succeeded).sort((first, second) => lasted(second) - lasted(first));
  const killed = Array.from({ length: unrecorded }, (_, index): CountedRun => {
    const run = ended[index];
    return { seconds: run ? lasted(run) : 0, artifacts: 0, ...(run ? { run } : {}) };
  });
  return [...recorded, ...idle, ...killed];
}

/** Takes out the run in which an attempt began: the one whose time is nearest to it. */
function takeRunOf(startedAt: number, left: TaskRun[]): TaskRun | undefined {
  const distance = ({ from, to }: TaskRun) => Math.max(0, from - startedAt, startedAt - to);
  const nearest = Math.min(...left.map(distance));
  if (nearest > CLOCKS_APART_MS) return undefined;
  return left.splice(
    left.findLastIndex((run) => distance(run) === nearest),
    1,
  )[0];
}

function lasted({ from, to }: TaskRun): number {
  return (to - from) / 1000;
}

function usageOf({ seconds, artifacts, run }: CountedRun, step: string, placed: Placement, declared?: Size): Usage {
  const { s3Puts, s3Gets, ...requests } = REQUESTS_A_RUN;
  // A file that one step leaves is read by one that follows.
  const objects = { s3Puts: s3Puts + artifacts, s3Gets: s3Gets + artifacts };
  if (placed.runs === 'lambda') {
    const lambdaGbSeconds = (placed.memoryMiB / MIB_PER_GIB) * seconds;
    return { ...NO_USAGE, ...requests, ...objects, lambdaCalls: 1, lambdaGbSeconds };
  }
  const paid = Math.max(LEAST_TASK_SECONDS, seconds);
  const { vcpu, memoryMiB } = sizeThen(run, step) ?? declared!;
  const [vcpuSeconds, gbSeconds] = [vcpu * paid, (memoryMiB / MIB_PER_GIB) * paid];
  // Progress is written once a second at most.
  const written = { ...requests, tableWrites: requests.tableWrites + Math.floor(seconds) };
  return deviceOf(run, step, placed) === 'gpu'
    ? {
        ...NO_USAGE,
        ...written,
        ...objects,
        gpuMachineSeconds: paid,
        gpuVcpuSeconds: vcpuSeconds,
        gpuGbSeconds: gbSeconds,
      }
    : {
        ...NO_USAGE,
        ...written,
        ...objects,
        fargateVcpuSeconds: vcpuSeconds,
        fargateGbSeconds: gbSeconds,
        fargateDiskGbSeconds: (diskFor(placed.diskGiB, step) - FREE_DISK_GIB) * paid,
      };
}

/** What the task was asked for when it ran; a later start may have got more. */
function sizeThen(run: TaskRun | undefined, step: string): Size | undefined {
  const size = run?.size?.[step];
  return size && { vcpu: size.Cpu / CPU_UNITS, memoryMiB: size.Memory };
}

/** A step's state is on the GPU if the step can use one, unless it is the CPU twin. Without a history it is the CPU if it can. */
function deviceOf(
  run: TaskRun | undefined,
  step: string,
  { devices }: Extract<Placement, { runs: 'container' }>,
): Device {
  if (!run) return devices.includes('cpu') ? 'cpu' : 'gpu';
  return devices.includes('gpu') && run.state === step ? 'gpu' : 'cpu';
}

type OfShard = { shard?: number };

function shardsOf(...lists: OfShard[][]): (number | undefined)[] {
  return [...new Set(lists.flat().map(({ shard }) => shard))];
}

function ofShard<T extends OfShard>(list: T[], shard: number | undefined): T[] {
  return list.filter((one) => one.shard === shard);
}
