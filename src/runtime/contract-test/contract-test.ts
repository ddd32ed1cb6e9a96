import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ContractError, InputError } from '#core/errors';
import type { JobInput } from '#core/job';
import type { Workload } from '#core/workload';
import { DEFINITION_FILE, definitionSchema, type WorkloadDefinition } from '#core/workload-definition';
import { exampleFiles, loadOutside, readDefinition } from '../outside/outside-workload.ts';
import { type Attempts, openAttempts } from './attempts.ts';
import { checkProgram, type Finding } from './checks.ts';

export interface ContractRequest {
  /** Of workload.json; a command alone needs none. */
  folder?: string;
  /** Takes the place of the definition's commands; it is started in the folder where we are. */
  command?: readonly string[];
  door?: 'wrapped' | 'bare';
  input?: JobInput[];
  params?: Record<string, unknown>;
}

/**
 * Does a program keep the container contract? Every step of the workload is run as the platform runs it, several times.
 * @throws InputError when there is nothing to run it on.
 */
export async function testContract(request: ContractRequest): Promise<Finding[]> {
  const work = await mkdtemp(join(tmpdir(), 'stepreel-contract-'));
  try {
    await mkdir(join(work, 'scratch'));
    const { definition, workload, folder } = await workloadOf(request, work);
    const input = request.input ?? inputOf(definition, folder);
    const params = checkedParams(workload, request.params ?? {});
    const attempts = await openAttempts(workload, work);
    try {
      return await checkSteps({ definition, workload, folder, input, params, attempts });
    } finally {
      attempts.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Prepared {
  definition: WorkloadDefinition;
  workload: Workload;
  folder: string;
  input: JobInput[];
  params: Record<string, unknown>;
  attempts: Attempts;
}

async function checkSteps({ definition, attempts, input, params, folder }: Prepared): Promise<Finding[]> {
  const names = Object.keys(definition.steps);
  const findings: Finding[] = [];
  for (const [index, step] of names.entries()) {
    const readyJob = async (files = input) => {
      const job = await attempts.newJob(files, params);
      for (const before of names.slice(0, index)) {
        const { verdict } = await attempts.attempt({ job, step: before });
        if (verdict?.status !== 'succeeded') throw new ContractError(`${before} did not succeed on this input.`);
      }
      return job;
    };
    const program = { step, definition: definition.steps[step]!, folder, input, params, attempts, readyJob };
    findings.push(...(await checkProgram(program)));
    // What comes behind a step that does not work has nothing to work on.
    if (findings.some((one) => one.step === step && one.check === 'ends with a verdict' && one.outcome !== 'kept'))
      break;
  }
  return findings;
}

async function workloadOf({ folder, command, door }: ContractRequest, work: string) {
  const found = folder === undefined ? undefined : await readDefinition(folder);
  if (found && !command && !door) return { ...found, workload: await loadOutside(found.folder) };
  const definition = definitionOf(found?.definition, command, door);
  const place = found?.folder ?? resolve('.');
  // The program stays where it is, and the definition that was made for it does not belong there.
  for (const step of Object.values(definition.steps)) step.command = startedIn(place, step.command);
  const made = join(work, 'workload');
  await mkdir(made);
  await writeFile(join(made, DEFINITION_FILE), JSON.stringify(definition));
  return { definition, folder: place, workload: await loadOutside(made) };
}

function definitionOf(
  found: WorkloadDefinition | undefined,
  command: readonly string[] | undefined,
  door: 'wrapped' | 'bare' = 'wrapped',
): WorkloadDefinition {
  if (!found && !command) {
    throw new InputError('There is nothing to test: give a folder with workload.json, or a command after --.');
  }
  const definition =
    found ??
    definitionSchema.parse({
      ...{ contract: 1, name: 'contract-test', version: '0.0.0', title: 'A program', description: 'A program' },
      params: { type: 'object' },
      steps: { RunProgram: { command: [...command!], door } },
    });
  const own = command ? { command: [...command], door } : { door };
  const steps = Object.entries(definition.steps).map(([name, step]) => [name, { ...step, ...own }] as const);
  return {
    ...definition,
    machine: steps.length === 1 ? 'single-task' : definition.machine,
    steps: Object.fromEntries(steps),
  };
}

/** A command that is given its folder, by what every system with a shell has. */
function startedIn(folder: string, command: readonly string[]): string[] {
  return ['/bin/sh', '-c', 'cd "$0" && exec "$@"', folder, ...command];
}

function inputOf({ example, input }: WorkloadDefinition, folder: string): JobInput[] {
  if (example) return exampleFiles(example, folder);
  throw new InputError(
    `There is nothing to run the program on. Give --input FILE (${input.endings.join(' ') || 'any file'}), or name an example in ${DEFINITION_FILE}.`,
  );
}

function checkedParams({ params }: Workload, given: Record<string, unknown>): Record<string, unknown> {
  const checked = params.safeParse(given);
  if (checked.success) return checked.data as Record<string, unknown>;
  throw new InputError(`The parameters do not suit the workload: ${checked.error.message}`);
}
