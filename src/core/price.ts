import { PRICES } from './prices.ts';

/** What a job took of what is paid for, and what that costs by a price table. */
export interface Charge {
  /** Of containers. */
  vcpuSeconds: number;
  gpuSeconds: number;
  /** Memory by time, of containers and functions. */
  gbSeconds: number;
  transitions: number;
  /** Calls of functions and, estimated, requests to stores and tables. */
  requests: number;
  usd: number;
  /** The date of the price table. */
  prices: string;
  /** US dollars by step; what is left of `usd` is for transitions. */
  steps?: Record<string, number> | undefined;
  /** Of all inputs, where they could be looked at. */
  inputBytes?: number | undefined;
}

/** What is paid for. */
export interface Usage {
  fargateVcpuSeconds: number;
  fargateGbSeconds: number;
  /** Of the disk beyond the first 20 GB. */
  fargateDiskGbSeconds: number;
  /** Of a machine with a GPU, which a task has for itself. */
  gpuMachineSeconds: number;
  /** What tasks on such machines had of them: counted, and paid for with the machine. */
  gpuVcpuSeconds: number;
  gpuGbSeconds: number;
  lambdaGbSeconds: number;
  lambdaCalls: number;
  transitions: number;
  s3Puts: number;
  s3Gets: number;
  tableWrites: number;
  tableReads: number;
}

export const NO_USAGE: Usage = {
  fargateVcpuSeconds: 0,
  fargateGbSeconds: 0,
  fargateDiskGbSeconds: 0,
  gpuMachineSeconds: 0,
  gpuVcpuSeconds: 0,
  gpuGbSeconds: 0,
  lambdaGbSeconds: 0,
  lambdaCalls: 0,
  transitions: 0,
  s3Puts: 0,
  s3Gets: 0,
  tableWrites: 0,
  tableReads: 0,
};

export function addUsage(first: Usage, second: Usage): Usage {
  const fields = Object.keys(first) as (keyof Usage)[];
  return Object.fromEntries(fields.map((field) => [field, first[field] + second[field]])) as unknown as Usage;
}

const HOUR = 3600;

/** What it costs by the price table, on demand. */
export function usdOf(usage: Usage): number {
  const { figures: price } = PRICES;
  return (
    (usage.fargateVcpuSeconds / HOUR) * price.fargateVcpuHour.usd +
    (usage.fargateGbSeconds / HOUR) * price.fargateGbHour.usd +
    (usage.fargateDiskGbSeconds / HOUR) * price.fargateDiskGbHour.usd +
    (usage.gpuMachineSeconds / HOUR) * price.gpuMachineHour.usd +
    usage.lambdaGbSeconds * price.lambdaGbSecond.usd +
    usage.lambdaCalls * price.lambdaRequest.usd +
    usage.transitions * price.stateTransition.usd +
    usage.s3Puts * price.s3Put.usd +
    usage.s3Gets * price.s3Get.usd +
    usage.tableWrites * price.tableWrite.usd +
    usage.tableReads * price.tableRead.usd
  );
}

/** The charge for all of it, told by step too. */
export function chargeFor(steps: Record<string, Usage>, transitions: number): Charge {
  const all = Object.values(steps).reduce(addUsage, { ...NO_USAGE, transitions });
  return {
    vcpuSeconds: rounded(all.fargateVcpuSeconds + all.gpuVcpuSeconds),
    gpuSeconds: rounded(all.gpuMachineSeconds),
    gbSeconds: rounded(all.fargateGbSeconds + all.gpuGbSeconds + all.lambdaGbSeconds),
    transitions,
    requests: Math.round(all.lambdaCalls + all.s3Puts + all.s3Gets + all.tableWrites + all.tableReads),
    usd: roundedUsd(usdOf(all)),
    prices: PRICES.date,
    steps: Object.fromEntries(Object.entries(steps).map(([step, usage]) => [step, roundedUsd(usdOf(usage))])),
  };
}

/** The sum of charges, as of one job. */
export function addCharges(first: Charge, second: Charge): Charge {
  return {
    vcpuSeconds: rounded(first.vcpuSeconds + second.vcpuSeconds),
    gpuSeconds: rounded(first.gpuSeconds + second.gpuSeconds),
    gbSeconds: rounded(first.gbSeconds + second.gbSeconds),
    transitions: first.transitions + second.transitions,
    requests: first.requests + second.requests,
    usd: roundedUsd(first.usd + second.usd),
    prices: first.prices > second.prices ? first.prices : second.prices,
  };
}

export const NO_CHARGE: Charge = {
  vcpuSeconds: 0,
  gpuSeconds: 0,
  gbSeconds: 0,
  transitions: 0,
  requests: 0,
  usd: 0,
  prices: '',
};

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** A thousandth of a cent: a small job costs some of them. */
export function roundedUsd(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
