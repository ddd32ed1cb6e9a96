import { openInputFile } from '#adapters/local/input-files';
import { openModelStore } from '#adapters/local/model-store';
import type { JobInput } from '#core/job';
import type { Placed, PreviewLine, Workload } from '#core/workload';
import { checkRequest } from '#jobs/submit';
import { alignColumns } from './describe-params.ts';

interface Plan {
  workload: Workload;
  request: { workload: string; input: JobInput[]; params: Record<string, unknown> };
  output: string;
  json: boolean;
}

/** `--dry-run`: what a run would do, after the same checks that a run makes of its request and input. */
export async function printPlan({ workload, request, output, json }: Plan): Promise<void> {
  const params = checkRequest(workload, request);
  const preview = await previewOf(workload, request.input, params);
  if (json) {
    const steps = Object.entries(workload.steps).map(([step, { runs }]) => ({ step, runs }));
    process.stdout.write(
      `${JSON.stringify({ event: 'plan', workload: workload.name, steps, params, output, preview })}\n`,
    );
    return;
  }
  const lines = [...preview, { what: 'output', value: output }];
  process.stdout.write(`${workload.title}: a dry run, nothing is done\n\n`);
  process.stdout.write(alignColumns(lines.map(({ what, value }) => [what, `${value}`])));
  process.stdout.write(
    `\n${alignColumns(Object.entries(workload.steps).map(([step, placed]) => [step, placeOf(placed)]))}`,
  );
}

async function previewOf(
  { preview }: Workload,
  input: JobInput[],
  params: Record<string, unknown>,
): Promise<PreviewLine[]> {
  if (!preview) return [];
  return (await preview()).preview({ input, params: params as never, open: openInputFile, models: openModelStore() });
}

function placeOf(placed: Placed): string {
  return placed.runs === 'lambda' ? 'in this process' : 'a child process';
}
