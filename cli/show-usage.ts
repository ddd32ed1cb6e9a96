import type { z } from 'zod';
import { dollars } from '#jobs/receipt-costs';
import { usageSchema } from '#runtime/jobs-api/topics/usage';
import { type ApiOptions, openApi } from './api-options.ts';
import { alignColumns } from './describe-params.ts';

export interface UsageOptions extends ApiOptions {
  from?: string;
  to?: string;
  by: string;
  team?: string;
}

type Row = z.infer<typeof usageSchema>['total'];

/** A line for each project, workload or day, and their sum. */
export async function showUsage({ from, to, by, team, api }: UsageOptions, json: boolean): Promise<void> {
  const usage = await (await openApi({ api })).ask('GET', 'usage', usageSchema, { query: { from, to, by, team } });
  if (json) {
    process.stdout.write(`${JSON.stringify({ event: 'usage', ...usage })}\n`);
    return;
  }
  process.stdout.write(`${usage.team}: jobs that ended from ${usage.from} to before ${usage.to}\n\n`);
  const rows = [...usage.rows, usage.total].map(cells);
  process.stdout.write(
    alignColumns([[usage.by, 'jobs', 'vCPU seconds', 'GPU seconds', 'GB seconds', 'on AWS'], ...rows]),
  );
}

function cells({ name, jobs, vcpuSeconds, gpuSeconds, gbSeconds, usd }: Row): string[] {
  return [name, jobs, vcpuSeconds, gpuSeconds, gbSeconds, dollars(usd)].map(String);
}
