import { ContractError } from '#core/errors';

export interface Size {
  vcpu: number;
  memoryMiB: number;
}

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

// Fargate gives 21 to 200 GiB, of which the image, unpacked, takes its part.
const DISK_GIB = { least: 21, most: 200, image: 5 };

/** The smallest size that holds what a step declares. @throws ContractError when none does. */
export function sizeFor({ vcpu, memoryMiB }: Size, step: string): Size {
  const size = SIZES.find((rung) => rung.vcpu >= vcpu && rung.memoryMiB >= memoryMiB);
  if (size) return size;
  const { vcpu: mostVcpu, memoryMiB: mostMemory } = SIZES.at(-1)!;
  throw new ContractError(
    `${step} asks for ${vcpu} vCPU and ${memoryMiB} MiB, and Fargate has at most ${mostVcpu} and ${mostMemory}. Ask for less, or split the work into shards.`,
  );
}

/** The disk that Fargate has to be asked for. @throws ContractError when it has no such disk. */
export function diskFor(diskGiB: number, step: string): number {
  const asked = Math.max(DISK_GIB.least, diskGiB + DISK_GIB.image);
  if (asked <= DISK_GIB.most) return asked;
  throw new ContractError(
    `${step} asks for ${diskGiB} GiB of disk, and Fargate has at most ${DISK_GIB.most - DISK_GIB.image} beside the image. Ask for less.`,
  );
}
