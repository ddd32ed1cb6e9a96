import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { mediaTypeOf } from '#core/artifact';
import { requireKey } from '#core/artifact-key';
import { type JobDocument, OUTPUT_DOCUMENT } from '#core/container-contract';
import { ModelError } from '#core/errors';
import { safeName } from '#core/safe-name';
import type { StepContext, StepNeeds } from '#core/step';
import type { Program, ProgramOutput } from './program-step.ts';

/** Everything that a program gets to see, in folders of its attempt. */
export interface ProgramInputs {
  folders: { input: string; output: string; scratch: string };
  inputs: JobDocument['inputs'];
  /** The job's own input files, also where a later step does not see them. */
  jobInputs: ProgramOutput['input'];
  models: ProgramModel[];
}

export interface ProgramModel {
  /** What the program calls it. */
  name: string;
  /** Its weights, whose digest has been checked; model.json lies beside them. */
  path: string;
  /** What the two lie in. */
  folder: string;
  id: ProgramOutput['models'][number];
}

export type ProgramContext = StepContext<Record<string, unknown>, StepNeeds>;

/** Makes the folders of an attempt and puts into them what the program reads. */
export async function gatherInputs(program: Program, context: ProgramContext): Promise<ProgramInputs> {
  const folders = {
    input: join(context.scratch, 'input'),
    output: join(context.scratch, 'output'),
    scratch: join(context.scratch, 'scratch'),
  };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const { before, definition } = program;
  const read =
    before === undefined ? await ownInputs(folders.input, context) : await inputsFrom(before, folders.input, context);
  const models: ProgramModel[] = [];
  for (const [name, ref] of Object.entries(definition.models)) {
    models.push(await fetchModel(name, chosenModel(ref, context.params), context));
  }
  return { folders, models, ...read };
}

async function ownInputs(folder: string, { job, artifacts }: ProgramContext) {
  const inputs: JobDocument['inputs'] = [];
  const jobInputs: ProgramOutput['input'] = [];
  for (const [index, source] of job.input.entries()) {
    const name = distinctName(source.name, index, job.input);
    const path = join(folder, name);
    await symlink(await artifacts.local(source), path);
    const { sha256, bytes } = await artifacts.digest(path);
    inputs.push({ name, path, uri: source.uri, sha256, mediaType: mediaTypeOf(name) });
    jobInputs.push({ name: source.name, sha256, bytes });
  }
  return { inputs, jobInputs };
}

/** Two inputs may be called alike; each then has its number before it. */
function distinctName(name: string, index: number, all: readonly { name: string }[]): string {
  const safe = safeName(name);
  const isAlone = all.filter((other) => safeName(other.name) === safe).length === 1;
  return isAlone ? safe : `${index}-${safe}`;
}

/** What the step before left: its files, and its output document. */
async function inputsFrom(before: string, folder: string, { outputOf, artifacts }: ProgramContext) {
  const { output, artifacts: files } = await outputOf(before);
  const { input: jobInputs, document } = output as ProgramOutput;
  const inputs: JobDocument['inputs'] = [];
  for (const file of files) {
    const { name, key, sha256, mediaType } = file;
    const path = join(folder, requireKey(name));
    await mkdir(dirname(path), { recursive: true });
    await symlink(await artifacts.local(file), path);
    inputs.push({ name, path, uri: key, sha256, mediaType });
  }
  const path = join(folder, OUTPUT_DOCUMENT);
  await writeFile(path, JSON.stringify(document));
  const { sha256 } = await artifacts.digest(path);
  inputs.push({ name: OUTPUT_DOCUMENT, path, uri: OUTPUT_DOCUMENT, sha256, mediaType: mediaTypeOf(OUTPUT_DOCUMENT) });
  return { inputs, jobInputs };
}

/** `{params.model}` lets the job choose. */
export function chosenModel(ref: string, params: Record<string, unknown>): string {
  return ref.replaceAll(/\{params\.([^}]*)\}/g, (_, name: string) => String(params[name] ?? ''));
}

const weightsSchema = z.object({ weights: z.object({ file: z.string() }) });

async function fetchModel(name: string, ref: string, { models }: ProgramContext): Promise<ProgramModel> {
  const { folder, ...id } = await models.fetch(ref);
  const description = weightsSchema.safeParse(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')));
  if (!description.success) throw new ModelError(`The model.json of ${ref} in ${folder} names no weights. Correct it.`);
  const { name: model, version, sha256 } = id;
  return { name, folder, path: join(folder, description.data.weights.file), id: { name: model, version, sha256 } };
}
