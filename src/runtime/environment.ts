import { access, constants, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '#adapters/local/artifact-store';
import { openDeadLetters } from '#adapters/local/dead-letters';
import { openInputListing } from '#adapters/local/input-listing';
import { openJobStore } from '#adapters/local/job-store';
import { openLeases } from '#adapters/local/leases';
import { openRecords } from '#adapters/local/records';
import { ContractError, ResourceError } from '#core/errors';
import type { ModelDigests } from '#core/ports';
import type { ModelSource } from '#core/step';
import { slowed } from './chaos/faults.ts';
import { chaosFrom } from './chaos/switches.ts';
import type { StepEnvironment } from './step-run.ts';

/** Names of the environment variables that tasks and functions are started with. This is their one home. */
export const STATE_FOLDER = 'STEPREEL_STATE';
export const SCRATCH_FOLDER = 'STEPREEL_SCRATCH';
export const STAGE = 'STEPREEL_STAGE';
/** Where the task program for workloads from outside finds workload.json; where it is started, if not given. */
export const WORKLOAD_FOLDER = 'STEPREEL_WORKLOAD';
/** The image that a workload's programs run in through Docker, and the name of the container. */
export const IMAGE = 'STEPREEL_IMAGE';
export const CONTAINER_NAME = 'STEPREEL_CONTAINER_NAME';
/** Faults on purpose, for development and staging: see `chaos/switches.ts`. */
export const CHAOS = 'STEPREEL_CHAOS';
/** What steps are planned on where they can run on both: `cpu` if not given. */
export const DEVICE = 'STEPREEL_DEVICE';
/** For how many days what a job did is taken over by others. */
export const REUSE_DAYS = 'STEPREEL_REUSE_DAYS';
/** How many jobs may be under way and may wait, as JSON: see `limits.ts`. */
export const LIMITS = 'STEPREEL_LIMITS';
export const JOBS_TABLE = 'STEPREEL_JOBS_TABLE';
export const IDEMPOTENCY_TABLE = 'STEPREEL_IDEMPOTENCY_TABLE';
export const TEAMS_TABLE = 'STEPREEL_TEAMS_TABLE';
export const WORK_BUCKET = 'STEPREEL_WORK_BUCKET';
export const RESULTS_BUCKET = 'STEPREEL_RESULTS_BUCKET';
export const UPLOADS_BUCKET = 'STEPREEL_UPLOADS_BUCKET';
export const MODELS_BUCKET = 'STEPREEL_MODELS_BUCKET';
/** The URL of the queue. */
export const DEAD_LETTERS = 'STEPREEL_DEAD_LETTERS';
/** The ARN of every state machine, up to the workload's name. */
export const STATE_MACHINES = 'STEPREEL_STATE_MACHINES';
/** The name of the bus that tells of jobs. */
export const EVENT_BUS = 'STEPREEL_EVENT_BUS';
/** The URL of the queue of batches that wait to be worked on. */
export const BATCHES_QUEUE = 'STEPREEL_BATCHES_QUEUE';
/** The most items that a batch may have; the API's own figure if not given. */
export const BATCH_ITEMS = 'STEPREEL_BATCH_ITEMS';
/** The URL of the queue of webhooks that are to be posted. */
export const WEBHOOKS_QUEUE = 'STEPREEL_WEBHOOKS_QUEUE';
/** What the names of the platform's log groups begin with. */
export const LOG_GROUPS = 'STEPREEL_LOG_GROUPS';
/** What was prepared for workloads that are registered later, as JSON: see `adapters/aws/outside-settings.ts`. */
export const OUTSIDE = 'STEPREEL_OUTSIDE';
/** Of the secrets that a function reads: the ARN of each by the variable that it goes into, as JSON. */
export const SECRETS = 'STEPREEL_SECRETS';
export const USER_POOL = 'STEPREEL_USER_POOL';
export const USER_POOL_CLIENT = 'STEPREEL_USER_POOL_CLIENT';

export type Variables = Record<string, string | undefined>;

/**
 * The stores that the environment variables name: on AWS by a jobs table, at home by a state folder. Nothing else asks
 * where it runs.
 * @throws ContractError when they name none, or not all that belongs together.
 */
export async function openEnvironment(variables: Variables = process.env): Promise<StepEnvironment> {
  const scratchFolder = variables[SCRATCH_FOLDER] ?? tmpdir();
  const chaos = chaosFrom(variables);
  if (variables[JOBS_TABLE]) {
    const { openAwsStores } = await import('./aws-platform.ts');
    const { artifacts, jobs, models } = await openAwsStores(variables, scratchFolder);
    return { artifacts: slowed(artifacts, chaos), jobs: slowed(jobs, chaos), models, scratchFolder };
  }
  const stateFolder = variables[STATE_FOLDER];
  if (!stateFolder) {
    throw new ContractError(
      `Nothing says where jobs and artifacts are kept: expected ${STATE_FOLDER} with the path of a state folder, or ${JOBS_TABLE} on AWS. Set it, or start the step through \`stepreel run\`.`,
    );
  }
  const { artifacts, jobs } = await openStateFolder(stateFolder);
  return { artifacts: slowed(artifacts, chaos), jobs: slowed(jobs, chaos), models: lazyModels, scratchFolder };
}

/** @throws ContractError that says which variable has no value. */
export function requireVariable(variables: Variables, name: string): string {
  const value = variables[name];
  if (value) return value;
  throw new ContractError(`${name} has no value. Expected: whatever deploys this function or task sets it.`);
}

/** @throws ResourceError when nothing can be written there, so that a task says so before it fetches anything. */
export async function requireScratch(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new ResourceError(
      `Nothing can be written to the scratch folder ${folder}. Mount a volume there for this user, or name another folder in ${SCRATCH_FOLDER}.`,
      { details: { folder }, cause },
    );
  }
}

// A step that uses no model does not pay for the model store.
const lazyModels: ModelSource = {
  async fetch(ref) {
    const { openModelStore } = await import('#adapters/local/model-store');
    return await openModelStore().fetch(ref);
  },
};

/** What the models of this machine are; whoever needs none does not pay for their store. */
export const homeModelDigests: ModelDigests = {
  async digest(ref) {
    const { openModelStore } = await import('#adapters/local/model-store');
    return await openModelStore().digest(ref);
  },
};

/** The local stores in a state folder. Dispose of `jobs`, `leases` and `records` to close their databases. */
export async function openStateFolder(folder: string) {
  return {
    artifacts: await openArtifactStore(join(folder, 'artifacts')),
    jobs: openJobStore(join(folder, 'jobs.sqlite')),
    leases: openLeases(join(folder, 'leases.sqlite')),
    deadLetters: openDeadLetters(join(folder, 'dead-letters')),
    records: openRecords(join(folder, 'records.sqlite')),
    listing: openInputListing(),
  };
}
