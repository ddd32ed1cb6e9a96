import { describe, expect, it } from 'vitest';
import { addCharges, chargeFor, NO_CHARGE, NO_USAGE, usdOf } from '#core/price';
import { type Figure, PRICES } from '#core/prices';

describe('the price table', () => {
  it.each(Object.entries<Figure>(PRICES.figures))('%s says per what, and where it was read', (_, figure) => {
    expect(figure.usd).toBeGreaterThan(0);
    expect(figure.per).not.toBe('');
    expect(figure.source).not.toBe('');
  });

  it('has a date and a region', () => {
    expect(PRICES.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(PRICES.region).toBe('us-east-1');
  });
});

// Worked out by hand from the list prices: another price is another test.
it.each([
  {
    what: 'an hour of 2 vCPU and 4 GB on Fargate',
    usage: { fargateVcpuSeconds: 7200, fargateGbSeconds: 14_400 },
    usd: 0.09874,
  },
  { what: 'an hour of 40 GB of disk beyond the first 20', usage: { fargateDiskGbSeconds: 144_000 }, usd: 0.00444 },
  {
    what: 'half an hour on a GPU machine, whatever its task had of it',
    usage: { gpuMachineSeconds: 1800, gpuVcpuSeconds: 3600 },
    usd: 0.263,
  },
  {
    what: 'a thousand calls of a function of 1 GB for 1 s',
    usage: { lambdaGbSeconds: 1000, lambdaCalls: 1000 },
    usd: 0.0168667,
  },
  { what: 'a thousand state transitions', usage: { transitions: 1000 }, usd: 0.025 },
  { what: 'a thousand files left and read', usage: { s3Puts: 1000, s3Gets: 1000 }, usd: 0.0054 },
  { what: 'a million units written and read', usage: { tableWrites: 1e6, tableReads: 1e6 }, usd: 0.75 },
])('$what cost $usd dollars', ({ usage, usd }) => {
  expect(usdOf({ ...NO_USAGE, ...usage })).toBeCloseTo(usd, 7);
});

it('a charge is told by step, and has transitions beside', () => {
  const steps = {
    Cut: { ...NO_USAGE, fargateVcpuSeconds: 3600, fargateGbSeconds: 7200 },
    Look: { ...NO_USAGE, gpuMachineSeconds: 60, gpuVcpuSeconds: 120, gpuGbSeconds: 240, tableWrites: 60 },
    Report: { ...NO_USAGE, lambdaGbSeconds: 10, lambdaCalls: 1 },
  };
  const charge = chargeFor(steps, 10);
  expect(charge).toMatchObject({ vcpuSeconds: 3720, gpuSeconds: 60, gbSeconds: 7450, transitions: 10, requests: 61 });
  expect(charge.prices).toBe(PRICES.date);
  expect(Object.keys(charge.steps!)).toEqual(['Cut', 'Look', 'Report']);
  const ofSteps = Object.values(charge.steps!).reduce((sum, usd) => sum + usd, 0);
  expect(charge.usd - ofSteps).toBeCloseTo(0.00025, 5);
});

it('charges add up, and are as new as the newer price table', () => {
  const one = { ...NO_CHARGE, vcpuSeconds: 1.5, usd: 0.000001, prices: '2026-01-01' };
  const two = { ...one, vcpuSeconds: 2, prices: '2026-02-01' };
  expect(addCharges(one, two)).toEqual({ ...NO_CHARGE, vcpuSeconds: 3.5, usd: 0.000002, prices: '2026-02-01' });
  expect(addCharges(NO_CHARGE, one)).toEqual(one);
});
