import { describe, expect, it } from 'vitest';
import { diskFor, nextSize, SIZES, sizeFor, sizesOf, taskSizes } from '#core/sizes';
import type { Workload } from '#core/workload';
import toy from '../helpers/toy/workload.ts';

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

describe('the size after one', () => {
  it.each([
    { from: [1, 2048], to: [1, 4096] },
    { from: [2, 4096], to: [2, 8192] },
    { from: [2, 8192], to: [4, 16_384] },
    { from: [4, 8192], to: [4, 16_384] },
    { from: [8, 32_768], to: [16, 65_536] },
  ])('$from has more memory and no fewer cores: $to', ({ from: [vcpu, memoryMiB], to }) => {
    expect(Object.values(nextSize({ vcpu: vcpu!, memoryMiB: memoryMiB! })!)).toEqual(to);
  });

  it('the largest does not exist', () => {
    expect(nextSize(SIZES.at(-1)!)).toBeUndefined();
  });
});

it('a state machine is told the size of every container step, declared or chosen, in the units of ECS', () => {
  const chosen = { SplitWords: { vcpu: 2, memoryMiB: 8192 } };
  expect(taskSizes(sizesOf(toy as Workload, chosen))).toEqual({
    SplitWords: { Cpu: 2048, Memory: 8192 },
    CountLetters: { Cpu: 1024, Memory: 2048 },
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
