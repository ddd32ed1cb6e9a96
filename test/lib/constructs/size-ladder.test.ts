import { describe, expect, it } from 'vitest';
import { diskFor, SIZES, sizeFor } from '../../../lib/constructs/size-ladder.ts';

describe('the size of a task', () => {
  it.each([
    { name: 'what is declared, where there is just that', asked: [2, 4096], size: [2, 4096] },
    { name: 'the next larger one otherwise', asked: [1, 6000], size: [2, 8192] },
    { name: 'more machine than asked for, where only that has the memory', asked: [0.5, 30_000], size: [8, 32_768] },
  ])('is $name', ({ asked: [vcpu, memoryMiB], size }) => {
    expect(Object.values(sizeFor({ vcpu: vcpu!, memoryMiB: memoryMiB! }, 'Cut'))).toEqual(size);
  });

  it('is refused where Fargate has none, saying what the most is', () => {
    expect(() => sizeFor({ vcpu: 32, memoryMiB: 1024 }, 'Cut')).toThrow(/Cut asks for 32 vCPU.*at most 16/);
  });

  it('is one that Fargate has: two to eight GiB a vCPU on the ladder, in whole GiB', () => {
    for (const { vcpu, memoryMiB } of SIZES) {
      expect(memoryMiB % 1024).toBe(0);
      expect(memoryMiB / 1024 / vcpu).toBeGreaterThanOrEqual(2);
      expect(memoryMiB / 1024 / vcpu).toBeLessThanOrEqual(8);
    }
  });
});

it.each([
  { declared: 5, disk: 21 },
  { declared: 60, disk: 65 },
  { declared: 195, disk: 200 },
])('a step with $declared GiB gets a disk of $disk', ({ declared, disk }) => {
  expect(diskFor(declared, 'Cut')).toBe(disk);
});

it('a disk beyond what Fargate has is refused', () => {
  expect(() => diskFor(196, 'Cut')).toThrow(/at most 195/);
});
