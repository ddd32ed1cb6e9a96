import { z } from 'zod';
import type { Machine } from '#asl/definition';
import { InputError } from '#core/errors';
import { DEFINITION_FILE, STANDARD_MACHINES } from '#core/workload-definition';
import { RequestRefused } from '#jobs/refusal';
import { releaseSchema } from '#jobs/release';
import { requireDefinition, wholeWorkload } from '../../outside/outside-workload.ts';
import type { Registration } from '../../outside/registration.ts';
import type { Answers, Caller, Operations } from '../operation.ts';
import { ApiProblem } from '../problems.ts';
import { bodyOf } from '../requests.ts';

const percent = z.number().min(1).max(100).optional().describe('Of a hundred new jobs; all if not given');

export const registeredSchema = z
  .object({
    name: z.string(),
    version: z.string(),
    release: releaseSchema.describe('Which versions new jobs get'),
  })
  .meta({ id: 'Registered' });

const registrationSchema = z
  .strictObject({
    definition: z.record(z.string(), z.unknown()).describe(`What ${DEFINITION_FILE} says`),
    machine: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('What the file holds that the definition names as its machine; none for a standard one'),
    percent,
  })
  .meta({ id: 'Registration' });

const releaseOrderSchema = z.strictObject({ version: z.string(), percent }).meta({ id: 'ReleaseOrder' });

export const REGISTRATION = {
  registerWorkload: {
    method: 'post',
    path: '/workloads',
    summary: 'Add a version of a workload from another repository, whose image is there already; for operators',
    description: 'It is in the list, and can be submitted, when this has answered. A version stays what it is.',
    body: registrationSchema,
    answers: { 201: registeredSchema },
    problems: [400, 403, 413, 501],
  },
  releaseWorkload: {
    method: 'post',
    path: '/workloads/{name}/release',
    summary: 'Give a registered version to new jobs; for operators',
    body: releaseOrderSchema,
    answers: { 200: registeredSchema },
    problems: [400, 403, 413, 501],
  },
  rollbackWorkload: {
    method: 'post',
    path: '/workloads/{name}/rollback',
    summary: 'Take a canary back, or go back to the version before; for operators',
    answers: { 200: registeredSchema },
    problems: [400, 403, 501],
  },
} satisfies Operations;

export interface RegistrationPorts {
  /** Of workloads from other repositories. */
  registration?: Registration;
}

export function registrationAnswers({ registration }: RegistrationPorts): Answers<typeof REGISTRATION> {
  const registrationFor = ({ operator }: Caller): Registration => {
    if (!operator) {
      throw new ApiProblem(
        403,
        'OperatorsOnly',
        'What workloads there are concerns all teams, and the credential is no operator’s.',
        'Ask an operator to register or release it.',
      );
    }
    if (registration) return registration;
    throw new RequestRefused('NotOffered', 'This API registers no workloads.', 'Run it with `stepreel run <folder>`.');
  };
  return {
    async registerWorkload(context, caller) {
      const open = registrationFor(caller);
      const { definition, machine, percent: share } = await bodyOf(context, registrationSchema);
      const workload = readWorkload(definition, machine);
      return context.json(await open.register(workload, share), 201);
    },

    async releaseWorkload(context, caller) {
      const open = registrationFor(caller);
      const { version, percent: share } = await bodyOf(context, releaseOrderSchema);
      return context.json(await open.release(`${context.req.param('name')!}@${version}`, share));
    },

    async rollbackWorkload(context, caller) {
      return context.json(await registrationFor(caller).rollback(context.req.param('name')!));
    },
  };
}

/** @throws InputError that lists everything in which the definition, its steps and its machine do not fit together. */
function readWorkload(document: unknown, machine: Record<string, unknown> | undefined) {
  const definition = requireDefinition(document, 'The definition');
  const isStandard = definition.machine in STANDARD_MACHINES;
  if (isStandard && machine) {
    throw new InputError(
      `The definition asks for the machine ${definition.machine}, and another one was sent beside it.`,
    );
  }
  if (!isStandard && !machine) {
    throw new InputError(`The definition names the machine ${definition.machine}. Send what it holds as \`machine\`.`);
  }
  // Its programs are in its image.
  return wholeWorkload(definition, '/', machine as Machine | undefined);
}
