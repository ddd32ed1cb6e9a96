import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { meterResources } from '#runtime/resources';

it('measures time, processor time and memory', () => {
  const meter = meterResources();
  const end = process.cpuUsage().user + 60_000;
  while (process.cpuUsage().user < end);
  const { startedAt, seconds, cpuSeconds, peakMemoryMiB } = meter.read();
  meter.stop();
  expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.now());
  expect(seconds).toBeGreaterThan(0.03);
  expect(cpuSeconds).toBeGreaterThanOrEqual(0.06);
  expect(peakMemoryMiB).toBeGreaterThan(20);
});

it.runIf(process.platform === 'linux')('counts the processor time of children that have ended', () => {
  const meter = meterResources();
  spawnSync(process.execPath, ['-e', 'const end = Date.now() + 300; while (Date.now() < end);']);
  const { cpuSeconds } = meter.read();
  meter.stop();
  expect(cpuSeconds).toBeGreaterThan(0.1);
});
