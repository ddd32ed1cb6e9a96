import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { InputError } from '#core/errors';
import { receiptCosts } from '#jobs/receipt-costs';
import { receiptSchema } from '#runtime/jobs-api/topics/usage';
import { type ApiOptions, openApi } from './api-options.ts';
import { alignColumns } from './describe-params.ts';
import { jobPath } from './remote-job.ts';

type Receipt = z.infer<typeof receiptSchema>;

/** Prints the receipt of a result's folder, or of a job that the API knows. */
export async function showReceipt(place: string, options: ApiOptions, json: boolean): Promise<void> {
  const file = join(place, 'receipt.json');
  const receipt = existsSync(file)
    ? await readReceipt(file)
    : await (await openApi(options)).ask('GET', jobPath(place, 'receipt'), receiptSchema);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'receipt', ...receipt })}\n`);
  else process.stdout.write(describe(receipt));
}

// A result of an earlier version of this program tells of nothing that was taken over.
const fileSchema = receiptSchema.extend({ reused: receiptSchema.shape.reused.default([]) });

async function readReceipt(file: string): Promise<Receipt> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new InputError(`${file} is not a receipt: ${(cause as Error).message}`, { details: { file }, cause });
  }
}

function describe({ job, seconds, steps, cost, reused }: Receipt): string {
  const head = `${job.id}: ${job.workload} ${job.workloadVersion}, ${job.status}, ${seconds.toFixed(2)} s from start to end\n\n`;
  const rows = steps.map((step) => [
    step.step,
    `${step.parts}`,
    `${step.attempts}`,
    step.seconds.toFixed(2),
    step.cpuSeconds.toFixed(2),
    `${step.peakMemoryMiB}`,
  ]);
  const table = alignColumns([['step', 'parts', 'attempts', 'seconds', 'CPU seconds', 'peak MiB'], ...rows]);
  const costs = receiptCosts({ cost, reused }).filter((line) => !line.startsWith('#') && line !== '');
  return `${head}${table}${costs.length > 0 ? '\n' : ''}${costs.map((line) => `${line.replace(/^- /, '  ')}\n`).join('')}`;
}
