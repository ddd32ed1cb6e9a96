import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobDocument, OUTPUT_DOCUMENT } from '#core/container-contract';
import { ContractError } from '#core/errors';
import { requireDone } from './program-end.ts';
import type { ProgramContext, ProgramInputs } from './program-inputs.ts';
import { hearProgram } from './program-lines.ts';
import type { Program } from './program-step.ts';
import { runProgram } from './run-program.ts';
import { takeOver } from './take-over.ts';

/**
 * The wrapped door: the program sees folders and job.json, tells its progress on stdout, and what it leaves in its output
 * folder becomes artifacts. @returns output.json. @throws a refusal, TransientError, or what made the step stop.
 */
export async function runWrapped(
  program: Program,
  gathered: ProgramInputs,
  context: ProgramContext,
): Promise<Record<string, unknown>> {
  const { isLast, name } = program;
  const { folders, inputs, models } = gathered;
  const { job, params, attempt, shard, scratch, signal } = context;
  const document: JobDocument = {
    contract: 1,
    jobId: job.id,
    workload: job.workload,
    step: name,
    ...(shard === undefined ? {} : { shard }),
    attempt,
    params,
    inputs,
  };
  const path = join(scratch, 'job.json');
  await writeFile(path, JSON.stringify(document, null, 2));

  const heard = hearProgram(context);
  const variables = {
    STEPREEL_JOB: path,
    STEPREEL_INPUT: folders.input,
    STEPREEL_OUTPUT: folders.output,
    STEPREEL_SCRATCH: folders.scratch,
    STEPREEL_DEVICE: context.device,
    ...Object.fromEntries(models.map((model) => [`STEPREEL_MODEL_${model.name}`, model.path])),
  };
  const end = await runProgram({ program, gathered, context, job: path, variables, heard });
  signal.throwIfAborted();
  requireDone(end, name, heard.lastWords());
  await takeOver(folders.output, { artifacts: context.artifacts, isResult: isLast });
  return await outputDocument(folders.output, name);
}

/** output.json, or an empty document where the program left none. */
async function outputDocument(folder: string, step: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(folder, OUTPUT_DOCUMENT), 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return '{}';
    throw thrown;
  });
  const document = parsed(text);
  if (typeof document === 'object' && document !== null && !Array.isArray(document))
    return document as Record<string, unknown>;
  throw new ContractError(
    `${step} left an ${OUTPUT_DOCUMENT} that is no JSON object: ${JSON.stringify(text.slice(0, 80))}. Write an object, or no file.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the caller, with what was found.
    return undefined;
  }
}
