import { ContractError } from './errors.ts';
import type { Placement, Size, Workload } from './workload.ts';

type Container = Extract<Placement, { runs: 'container' }>;

/** The sizes that tasks come in. All are among those that Fargate has, and few, so that machines are easy to find. */
export const SIZES: readonly Size[] = [
  { vcpu: 1, memoryMiB: 2_048 },
  { vcpu: 1, memoryMiB: 4_096 },
  { vcpu: 2, memoryMiB: 4_096 },
  { vcpu: 2, memoryMiB: 8_192 },
  { vcpu: 4, memoryMiB: 8_192 },
  { vcpu: 4, memoryMiB: 16_384 },
  { vcpu: 8, memoryMiB: 16_384 },
  { vcpu: 8, memoryMiB: 32_768 },
  { vcpu: 16, memoryMiB: 65_536 },
];

/** The smallest size that holds what a step declares. @throws ContractError when none does. */
export function sizeFor({ vcpu, memoryMiB }: Size, step: string): Size {
  const size = SIZES.find((rung) => rung.vcpu >= vcpu && rung.memoryMiB >= memoryMiB);
  if (size) return size;
  const { vcpu: mostVcpu, memoryMiB: mostMemory } = SIZES.at(-1)!;
  throw new ContractError(
    `${step} asks for ${vcpu} vCPU and ${memoryMiB} MiB, and Fargate has at most ${mostVcpu} and ${mostMemory}. Ask for less, or split the work into shards.`,
  );
}

/** The smallest size with more memory and no fewer cores; undefined at the top of the ladder. */
export function nextSize({ vcpu, memoryMiB }: Size): Size | undefined {
  return SIZES.find((rung) => rung.memoryMiB > memoryMiB && rung.vcpu >= vcpu);
}

/** What a container step of a job gets: what the job says, or else what its workload declares. */
export function sizeOf(step: string, placement: Container, chosen: Record<string, Size> = {}): Size {
  return sizeFor(chosen[step] ?? placement, step);
}

/** What every container step of a job gets, by step. @throws ContractError when there is no such size. */
export function sizesOf({ steps }: Pick<Workload, 'steps'>, chosen?: Record<string, Size>): Record<string, Size> {
  return Object.fromEntries(
    Object.entries(steps).flatMap(([step, placed]) =>
      placed.runs === 'container' ? [[step, sizeOf(step, placed, chosen)]] : [],
    ),
  );
}

// Fargate gives 21 to 200 GiB, of which the image, unpacked, takes its part.
const DISK_GIB = { least: 21, most: 200, image: 5 };

/** The disk that Fargate has to be asked for. @throws ContractError when it has no such disk. */
export function diskFor(diskGiB: number, step: string): number {
  const asked = Math.max(DISK_GIB.least, diskGiB + DISK_GIB.image);
  if (asked <= DISK_GIB.most) return asked;
  throw new ContractError(
    `${step} asks for ${diskGiB} GiB of disk, and Fargate has at most ${DISK_GIB.most - DISK_GIB.image} beside the image. Ask for less.`,
  );
}

/** Sizes as the state machines hand them on: CPU units and MiB, as ECS counts. */
export function taskSizes(sizes: Record<string, Size> = {}): Record<string, TaskSize> {
  return Object.fromEntries(
    Object.entries(sizes).map(([step, { vcpu, memoryMiB }]) => [step, { Cpu: vcpu * CPU_UNITS, Memory: memoryMiB }]),
  );
}

export interface TaskSize {
  /** 1024 make one vCPU. */
  Cpu: number;
  /** MiB. */
  Memory: number;
}

export const CPU_UNITS = 1024;

/** "2 vCPU and 4096 MiB" */
export function describeSize({ vcpu, memoryMiB }: Size): string {
  return `${vcpu} vCPU and ${memoryMiB} MiB`;
}
