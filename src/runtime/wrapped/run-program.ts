import type { ChildEnd } from '#adapters/local/children';
import { runCommand } from '#adapters/local/commands';
import { runInImage } from '#adapters/local/docker';
import { fillCommand } from './fill-command.ts';
import { programEnvironment } from './program-environment.ts';
import type { ProgramContext, ProgramInputs } from './program-inputs.ts';
import type { hearProgram } from './program-lines.ts';
import type { Program } from './program-step.ts';

export interface ProgramStart {
  program: Program;
  gathered: ProgramInputs;
  context: ProgramContext;
  /** The path of job.json. */
  job: string;
  /** What its door tells the program. */
  variables: Record<string, string>;
  heard: ReturnType<typeof hearProgram>;
}

/** Starts a step's command, as a process of this machine or in its image, and waits for its end. */
export async function runProgram({
  program,
  gathered,
  context,
  job,
  variables,
  heard,
}: ProgramStart): Promise<ChildEnd> {
  const { definition, folder, container } = program;
  const { folders, inputs, models } = gathered;
  const { params, signal, device } = context;
  const request = {
    command: fillCommand(definition.command, { folders, inputs, models, params, job }),
    signal,
    graceMs: definition.graceSeconds * 1000,
    ...heard.hooks,
  };
  if (!container) {
    const environment = { ...programEnvironment(folders.scratch), ...variables };
    return await runCommand({ ...request, cwd: folder, environment });
  }
  return await runInImage({
    ...request,
    container,
    // The image has its own PATH and its like.
    environment: { ...programEnvironment(folders.scratch, {}), ...variables },
    mounts: [
      ...[job, ...inputs.map(({ path }) => path), ...models.map((model) => model.folder)].map((path) => ({ path })),
      ...[folders.output, folders.scratch].map((path) => ({ path, writable: true })),
    ],
    memoryMiB: definition.memoryMiB,
    vcpu: definition.vcpu,
    gpu: device === 'gpu',
  });
}
