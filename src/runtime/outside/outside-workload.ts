import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Container } from '#adapters/local/docker';
import { checkMachine } from '#asl/check';
import type { Machine } from '#asl/definition';
import { parseMachine } from '#asl/load';
import { standardMachine } from '#asl/standard-machine';
import { InputError, InputNotFoundError } from '#core/errors';
import type { JobInput } from '#core/job';
import type { Placed, Workload } from '#core/workload';
import {
  DEFINITION_FILE,
  definitionProblems,
  definitionSchema,
  type OurStep,
  STANDARD_MACHINES,
  sharedFunction,
  type WorkloadDefinition,
} from '#core/workload-definition';
import { chosenModel } from '../wrapped/program-inputs.ts';
import { programStep } from '../wrapped/program-step.ts';
import { validateInput } from './validate-input.ts';
import { writeReport } from './write-report.ts';

interface LoadOptions {
  command?: readonly string[];
  container?: Container;
}

/**
 * The workload that a folder defines, whole: its definition, its steps and its machine fit together. `command` takes the
 * place of the commands that its steps have; `container` is where its programs run, in place of this machine.
 * @throws InputError that lists everything that does not fit; InputNotFoundError when there is no definition.
 */
export async function loadOutside(path: string, { command, container }: LoadOptions = {}): Promise<Workload> {
  const { folder, definition } = await readDefinition(path);
  // An image has one program, and its entrypoint names it.
  if (command) for (const step of Object.values(definition.steps)) step.command = [...command];
  return wholeWorkload(definition, folder, await ownMachine(definition, folder), container);
}

/**
 * A workload of a checked definition and, where it has one of its own, its machine.
 * @throws InputError that lists everything in which the two don't fit together.
 */
export function wholeWorkload(
  definition: WorkloadDefinition,
  folder: string,
  own?: Machine,
  container?: Container,
): Workload {
  const workload = outsideWorkload(definition, folder, {}, container);
  const machine = own ?? standardMachine(workload);
  const problems = checkMachine(machine, workload);
  if (problems.length > 0) throw misfit(definition, 'its steps and its machine do not fit together', problems);
  return { ...workload, outside: { ...workload.outside!, machine } };
}

/** Reads and checks workload.json, which `path` names, or its folder. */
export async function readDefinition(path: string): Promise<{ folder: string; definition: WorkloadDefinition }> {
  const file = basename(path) === DEFINITION_FILE ? resolve(path) : join(resolve(path), DEFINITION_FILE);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InputNotFoundError(
      `Expected a ${DEFINITION_FILE} in ${dirname(file)}, found none that can be read. Make one with \`stepreel init\`.`,
      { cause },
    );
  });
  return { folder: dirname(file), definition: requireDefinition(parsed(text, file), file) };
}

/** @throws InputError that lists everything that is wrong with a definition; `file` is what it is called there. */
export function requireDefinition(document: unknown, file: string): WorkloadDefinition {
  const checked = definitionSchema.safeParse(document);
  if (!checked.success) {
    throw new InputError(`${file} defines no workload:\n${z.prettifyError(checked.error)}`, { details: { file } });
  }
  const problems = [...definitionProblems(checked.data), ...schemaProblems(checked.data)];
  if (problems.length > 0) throw misfit(checked.data, 'its definition contradicts itself', problems);
  return checked.data;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function misfit({ name, version }: WorkloadDefinition, what: string, problems: string[]): InputError {
  return new InputError(
    `${name}@${version} can't be taken, ${what}:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    {
      details: { problems },
    },
  );
}

/** JSON Schemas that can't be understood, and defaults that contradict them. */
function schemaProblems({ params, steps }: WorkloadDefinition): string[] {
  const all = {
    params,
    ...Object.fromEntries(Object.entries(steps).map(([name, { output }]) => [`output of ${name}`, output])),
  };
  return Object.entries(all).flatMap(([what, schema]) => {
    if (schema === undefined) return [];
    try {
      z.fromJSONSchema(schema);
      return [];
    } catch (thrown) {
      return [`The JSON Schema of ${what} can't be used: ${(thrown as Error).message}`];
    }
  });
}

/** A definition as a workload like every other; its programs are started in `folder`. */
export function outsideWorkload(
  definition: WorkloadDefinition,
  folder: string,
  machine: object,
  container?: Container,
): Workload {
  const { name, version, title, description, input, image, example } = definition;
  const params = z.fromJSONSchema(definition.params);
  return {
    name,
    version,
    title,
    description,
    input,
    params,
    steps: stepsOf(definition, folder, params, container),
    ...(example ? { example: async () => ({ drawExample: async () => exampleFiles(example, folder) }) } : {}),
    outside: { definition, folder, machine, ...(image === undefined ? {} : { image }) },
  };
}

/** The files of a definition's example, as inputs. */
export function exampleFiles(example: readonly string[], folder: string): JobInput[] {
  return example.map((path) => ({ name: basename(path), uri: join(folder, path) }));
}

function stepsOf(
  definition: WorkloadDefinition,
  folder: string,
  params: z.ZodType,
  container: Container | undefined,
): Record<string, Placed> {
  const names = Object.keys(definition.steps);
  const programs = names.map((name, index): [string, Placed] => {
    const step = definition.steps[name]!;
    const { devices, vcpu, memoryMiB, diskGiB, runSeconds, models } = step;
    const read = readParams(params, step.params);
    const before = names[index - 1];
    const program = {
      ...{ name, definition: step, params: read, folder, isLast: index === names.length - 1 },
      ...(before === undefined ? {} : { before }),
      ...(container ? { container } : {}),
    };
    return [
      name,
      {
        ...{ runs: 'container', image: 'inference', devices, vcpu, memoryMiB, diskGiB, runSeconds },
        params: read,
        models: (chosen: Record<string, unknown>) => Object.values(models).map((ref) => chosenModel(ref, chosen)),
        load: async () => ({ default: programStep(program) }),
      },
    ];
  });
  const ours = (step: OurStep) =>
    ({ runs: 'lambda', memoryMiB: 512, timeoutSeconds: 60, function: sharedFunction(step) }) as const;
  return {
    ValidateInput: { ...ours('ValidateInput'), load: async () => ({ default: validateInput(definition) }) },
    ...Object.fromEntries(programs),
    WriteReport: { ...ours('WriteReport'), load: async () => ({ default: writeReport(definition) }) },
  };
}

/** Of the whole job's parameters, those that a step names. */
function readParams(params: z.ZodType, names: string[] | undefined): z.ZodType {
  if (names === undefined) return params;
  return z
    .record(z.string(), z.unknown())
    .transform((all) => Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name]] as const] : []))));
}

/** The machine that a definition names a file of; undefined for a standard one. */
async function ownMachine({ machine }: WorkloadDefinition, folder: string): Promise<Machine | undefined> {
  if (machine in STANDARD_MACHINES) return undefined;
  const file = join(folder, machine);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new InputNotFoundError(`The definition names the machine ${machine}, and ${file} can't be read.`, { cause });
  });
  return parseMachine(text, file);
}
