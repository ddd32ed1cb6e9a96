import { InputError, toErrorDocument } from '#core/errors';
import type { Job, JobInput } from '#core/job';
import { jobId } from '#core/names';
import type { ExecutionInput, Executions, JobStore, WorkloadRegistry } from '#core/ports';
import type { Device, Workload } from '#core/workload';

export interface SubmitRequest {
  workload: string;
  input: JobInput[];
  params?: Record<string, unknown>;
  team?: string;
  project?: string;
}

export interface SubmitPorts {
  registry: WorkloadRegistry;
  jobs: JobStore;
  executions: Executions;
  /** What container steps shall run on where they can run on both. */
  device?: Device;
  now?: () => Date;
}

/**
 * Checks a request, records the job and starts its execution.
 * @returns the job in STARTING. @throws InputError that lists everything that is wrong with the request.
 */
export async function submitJob(request: SubmitRequest, ports: SubmitPorts): Promise<Job> {
  const { registry, jobs, executions, device = 'cpu', now = () => new Date() } = ports;
  const workload = await registry.get(request.workload);
  const params = checkRequest(workload, request);
  const id = jobId(workload.name);
  await jobs.create({
    id,
    workload: workload.name,
    workloadVersion: workload.version,
    team: request.team ?? 'default',
    project: request.project ?? 'default',
    status: 'QUEUED',
    input: request.input,
    params,
    degraded: [],
    createdAt: now().toISOString(),
  });
  const job = (await jobs.transition(id, 'STARTING', { execution: id, startedAt: now().toISOString() }))!;
  const input = { jobId: id, plan: planOf(workload, device) };
  try {
    await executions.start({ jobId: id, name: id, workload: workload.name, input });
  } catch (thrown) {
    const { name, message } = toErrorDocument(thrown);
    await jobs.transition(id, 'FAILED', { error: { name, message }, endedAt: now().toISOString() }, id);
    throw thrown;
  }
  return job;
}

/**
 * The parameters with their defaults. @throws InputError that lists everything that is wrong with the request.
 */
export function checkRequest(workload: Workload, { input, params = {} }: SubmitRequest): Record<string, unknown> {
  const checked = workload.params.safeParse(params);
  const problems = [
    ...inputProblems(workload, input),
    ...(checked.error?.issues ?? []).map(({ path, message }) =>
      path.length > 0 ? `${path.join('.')}: ${message}` : message,
    ),
  ];
  if (problems.length === 0) return checked.data as Record<string, unknown>;
  throw new InputError(
    `This ${workload.name} job can't be accepted:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    {
      details: { problems },
    },
  );
}

function inputProblems({ input: { min, max } }: Workload, input: JobInput[]): string[] {
  if (input.length >= min && input.length <= max) return [];
  const expected = min === max ? `${min}` : `${min} to ${max}`;
  return [`input: expected ${expected} file${expected === '1' ? '' : 's'}, found ${input.length}`];
}

/** Where each container step shall run: on the wanted device if it can, else on one that it can. */
function planOf({ steps }: Workload, device: Device): ExecutionInput['plan'] {
  return Object.fromEntries(
    Object.entries(steps).flatMap(([name, placed]) => {
      if (placed.runs !== 'container') return [];
      return [[name, placed.devices.includes(device) ? device : placed.devices[0]!]];
    }),
  );
}
