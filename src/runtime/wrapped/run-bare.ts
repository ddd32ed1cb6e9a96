import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { requireKey } from '#core/artifact-key';
import { type BareJob, type BareVerdict, bareVerdictSchema } from '#core/container-contract';
import { ContractError, fromErrorDocument, TransientError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { VERDICT } from '#core/verdict';
import type { ProgramContext, ProgramInputs } from './program-inputs.ts';
import { hearProgram } from './program-lines.ts';
import type { Program } from './program-step.ts';
import { runProgram } from './run-program.ts';
import { OUR_FILES } from './take-over.ts';

/**
 * The bare door: the program is told the address of job.json, writes artifacts below an output address and, last, its
 * verdict. On this machine addresses are file: URLs. An exit code only says whether there is a verdict.
 * @throws what the verdict refuses for; TransientError without a verdict; ContractError when the two do not agree.
 */
export async function runBare(
  program: Program,
  gathered: ProgramInputs,
  context: ProgramContext,
): Promise<Record<string, unknown>> {
  const { name, isLast } = program;
  const { folders, inputs, models } = gathered;
  const { job, params, attempt, shard, signal, scratch } = context;
  const document: BareJob = {
    contract: 1,
    jobId: job.id,
    workload: job.workload,
    step: name,
    ...(shard === undefined ? {} : { shard }),
    attempt,
    params,
    inputs: inputs.map(({ path, ...input }) => ({ ...input, uri: pathToFileURL(path).href })),
    models: Object.fromEntries(
      models.map(({ name: model, path, id }) => [model, { uri: pathToFileURL(path).href, sha256: id.sha256 }]),
    ),
    output: `${pathToFileURL(folders.output).href}/`,
  };
  const path = join(scratch, 'job.json');
  await writeFile(path, JSON.stringify(document, null, 2));
  const heard = hearProgram(context);
  const variables = {
    STEPREEL_JOB_URI: pathToFileURL(path).href,
    STEPREEL_SCRATCH: folders.scratch,
    STEPREEL_DEVICE: context.device,
  };
  const { exitCode, killedBy } = await runProgram({ program, gathered, context, job: path, variables, heard });
  signal.throwIfAborted();
  const how = killedBy ? `was killed by ${killedBy}` : `ended with exit code ${exitCode}`;
  if (exitCode !== 0) {
    throw new TransientError(`The program of ${name} ${how}; its last line on stderr: ${heard.lastWords() ?? 'none'}`);
  }
  const verdict = await readVerdict(folders.output, name);
  if (verdict.status === 'rejected') throw fromErrorDocument(verdict.error);
  for (const artifact of verdict.artifacts)
    await takeListed(artifact, { folder: folders.output, isLast, context, name });
  return verdict.output;
}

async function readVerdict(folder: string, step: string): Promise<BareVerdict> {
  const text = await readFile(join(folder, VERDICT), 'utf8').catch((cause: unknown) => {
    throw new TransientError(`${step} ended with exit code 0 and left no ${VERDICT}: it did not happen.`, { cause });
  });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new ContractError(`The ${VERDICT} of ${step} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const checked = bareVerdictSchema.safeParse(document);
  if (checked.success) return checked.data;
  throw new ContractError(`The ${VERDICT} of ${step} is none: ${z.prettifyError(checked.error)}`);
}

interface Listed {
  folder: string;
  isLast: boolean;
  context: ProgramContext;
  name: string;
}

async function takeListed(
  artifact: BareVerdict['artifacts'][number],
  { folder, isLast, context, name: step }: Listed,
): Promise<void> {
  const { name, sha256, mediaType } = artifact;
  const path = join(folder, requireKey(name));
  const found = await digestFile(path).catch((cause: unknown) => {
    throw new ContractError(`The verdict of ${step} lists ${name}, and there is no such file.`, { cause });
  });
  if (found.sha256 !== sha256) {
    throw new ContractError(`The verdict of ${step} says sha256 ${sha256} of ${name}, found ${found.sha256}.`);
  }
  if (isLast && (OUR_FILES as readonly string[]).includes(name)) {
    throw new ContractError(`The program left ${name}, which is a name of ours. Choose another.`);
  }
  await context.artifacts.putFile(name, path, {
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(isLast ? { result: name } : {}),
  });
}
