import { z } from 'zod';
import { kebabCase } from './names.ts';

/** The file that defines a workload from outside, at the head of its folder. */
export const DEFINITION_FILE = 'workload.json';

/** The machines that need no file: a step, or two of them, between ValidateInput and WriteReport. */
export const STANDARD_MACHINES = { 'single-task': 1, 'extract-infer-report': 2 } as const;

/** The steps that every workload from outside has, and that are ours: they check the input and write the result. */
export const OUR_STEPS = ['ValidateInput', 'WriteReport'] as const;
export type OurStep = (typeof OUR_STEPS)[number];

/** The function on AWS that takes a step of ours for all workloads from outside. */
export function sharedFunction(step: OurStep): string {
  return `outside-${kebabCase(step)}`;
}

const jsonSchema = z.record(z.string(), z.unknown());

const programStep = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      'The program and its arguments. {input}, {inputs}, {output}, {scratch}, {job}, {params.<name>} and {model.<NAME>} stand for what the step gets.',
    ),
  door: z
    .enum(['wrapped', 'bare'])
    .default('wrapped')
    .describe(
      '`wrapped`: the program sees files. `bare`: it reads and writes by addresses itself, and leaves a verdict.',
    ),
  params: z.array(z.string()).optional().describe('The parameters that the program reads; all, if not given.'),
  models: z
    .record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'has capitals, digits and underscores'), z.string().min(1))
    .default({})
    .describe('By name, `name@version` of each model; `{params.<name>}` lets the job choose.'),
  output: jsonSchema.optional().describe('JSON Schema of output.json; anything, if not given.'),
  devices: z
    .array(z.enum(['cpu', 'gpu']))
    .min(1)
    .default(['cpu']),
  vcpu: z.number().positive().max(16).default(1),
  memoryMiB: z.int().min(128).max(65_536).default(2_048),
  diskGiB: z.int().min(1).max(195).default(20),
  runSeconds: z.int().min(1).max(86_400).default(600).describe('How long a task may work.'),
  graceSeconds: z.int().min(1).max(120).default(30).describe('Between SIGTERM and SIGKILL.'),
});

/** workload.json: what a workload is that lives outside of this repository. */
export const definitionSchema = z.strictObject({
  contract: z.literal(1),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is in kebab case')
    .max(40),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'has three numbers, as in 1.0.0'),
  title: z.string().min(1),
  description: z.string().min(1),
  input: z
    .strictObject({
      min: z.int().min(1).default(1),
      max: z.int().min(1).default(1),
      endings: z.array(z.string().startsWith('.')).default([]).describe('Of file names; any, if empty.'),
    })
    .prefault({}),
  params: jsonSchema
    .default({ type: 'object', properties: {}, additionalProperties: false })
    .describe('JSON Schema of the parameters, with their defaults.'),
  machine: z
    .union([z.enum(['single-task', 'extract-infer-report']), z.string().regex(/^[\w.-]+\.asl\.json$/)])
    .default('single-task')
    .describe('A standard machine, or a file beside this one.'),
  example: z
    .array(z.string().regex(/^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/, 'is a path below the folder'))
    .min(1)
    .optional()
    .describe('Files beside this one to try the workload out on.'),
  image: z.string().min(1).optional().describe('The image that runs the steps on AWS, by digest.'),
  steps: z.record(z.string().regex(/^[A-Z][A-Za-z0-9]*$/, 'is in Pascal case, as DetectObjects'), programStep),
});

export type WorkloadDefinition = z.infer<typeof definitionSchema>;
export type ProgramStep = z.infer<typeof programStep>;

/** What does not fit within a definition, a sentence each; its machine is compared with it elsewhere. */
export function definitionProblems({ steps, machine, input, params }: WorkloadDefinition): string[] {
  const names = Object.keys(steps);
  const wanted =
    machine in STANDARD_MACHINES ? STANDARD_MACHINES[machine as keyof typeof STANDARD_MACHINES] : undefined;
  const known = Object.keys((params.properties as object | undefined) ?? {});
  return [
    ...(wanted === undefined || names.length === wanted
      ? []
      : [
          `The machine ${machine} has ${wanted} step${wanted === 1 ? '' : 's'}, and the definition has ${names.length}: ${names.join(', ')}.`,
        ]),
    ...(names.length > 0 ? [] : ['The definition has no steps.']),
    ...names
      .filter((name) => (OUR_STEPS as readonly string[]).includes(name))
      .map((name) => `${name} is a step of the platform's. Give yours another name.`),
    ...names
      .filter((name) => name.endsWith('OnCpu'))
      .map((name) => `${name} ends in OnCpu, which is how twins on a CPU are called.`),
    ...(input.min <= input.max ? [] : [`input.min is ${input.min} and input.max is ${input.max}.`]),
    ...(params.type === 'object' ? [] : ['params must be a JSON Schema of type "object".']),
    ...names.flatMap((name) =>
      unknownParams(steps[name]!, known).map(
        (param) => `${name} names a parameter ${param} that params does not have.`,
      ),
    ),
  ];
}

function unknownParams({ command, models, params = [] }: ProgramStep, known: string[]): string[] {
  const texts = [...command, ...Object.values(models)].join('\n');
  const named = Array.from(texts.matchAll(/\{params\.([^}]*)\}/g), ([, name]) => name!);
  return [...new Set([...params, ...named])].filter((name) => !known.includes(name));
}
