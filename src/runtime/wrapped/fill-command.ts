import { InputError } from '#core/errors';
import type { ProgramInputs } from './program-inputs.ts';

export interface CommandFacts extends Pick<ProgramInputs, 'inputs' | 'models' | 'folders'> {
  /** The path of job.json. */
  job: string;
  params: Record<string, unknown>;
}

/**
 * Puts what a step gets in the place of `{input}` and its kin, so that a program that takes paths and options needs no
 * change. `{inputs}` as an argument of its own becomes one argument for each input. @throws InputError for an unknown name.
 */
export function fillCommand(command: readonly string[], facts: CommandFacts): string[] {
  return command.flatMap((argument) =>
    argument === '{inputs}' ? facts.inputs.map(({ path }) => path) : [filled(argument, facts)],
  );
}

function filled(argument: string, facts: CommandFacts): string {
  const { folders, inputs, models, params, job } = facts;
  return argument.replaceAll(/\{([a-z]+)(?:\.([\w-]+))?\}/g, (whole, kind: string, name?: string) => {
    if (kind === 'input' && name === undefined) return inputs[0]?.path ?? folders.input;
    if (kind === 'output' && name === undefined) return folders.output;
    if (kind === 'scratch' && name === undefined) return folders.scratch;
    if (kind === 'job' && name === undefined) return job;
    if (kind === 'params' && name !== undefined) return asText(params[name]);
    const model = kind === 'model' ? models.find((one) => one.name === name) : undefined;
    if (model) return model.path;
    throw new InputError(
      `The command of the step has ${whole}, which stands for nothing. There are {input}, {inputs}, {output}, {scratch}, {job}, {params.<name>} and {model.<NAME>}; the step has ${models.length === 0 ? 'no models' : `the models ${models.map((one) => one.name).join(', ')}`}.`,
    );
  });
}

/** As one would type it: a text as it is, a list or an object as JSON. */
function asText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
