import { join } from 'node:path';
import { z } from 'zod';
import { openArtifactStore } from '#adapters/aws/artifact-store';
import { openBatchQueue } from '#adapters/aws/batch-queue';
import { openClients } from '#adapters/aws/clients';
import { openDeadLetters } from '#adapters/aws/dead-letters';
import { openEventBus } from '#adapters/aws/event-bus';
import { openExecutions } from '#adapters/aws/executions';
import { openInputListing } from '#adapters/aws/input-listing';
import { openJobStore } from '#adapters/aws/job-store';
import { openLeases } from '#adapters/aws/leases';
import { openLogs } from '#adapters/aws/logs';
import { openModelDigests } from '#adapters/aws/model-digests';
import { openPostponing } from '#adapters/aws/notices-queue';
import { openTeamSecrets } from '#adapters/aws/notices-secrets';
import { outsideSettingsSchema } from '#adapters/aws/outside-settings';
import { openRecords } from '#adapters/aws/records';
import { readSecret } from '#adapters/aws/secrets';
import { openTeamLimits } from '#adapters/aws/team-limits';
import { openTeams, type Teams } from '#adapters/aws/teams';
import { openUploads } from '#adapters/aws/uploads';
import { ContractError } from '#core/errors';
import type { Leases, Limits } from '#core/leases';
import type { Logs } from '#core/logs';
import type { Notices, WebhookSecrets } from '#core/notices';
import type {
  ArtifactStore,
  DeadLetters,
  Executions,
  InputListing,
  JobStore,
  ModelDigests,
  Uploads,
} from '#core/ports';
import type { Records } from '#core/records';
import type { ModelSource } from '#core/step';
import type { Device, Workload } from '#core/workload';
import { announcing } from '#jobs/notify';
import {
  BATCH_ITEMS,
  BATCHES_QUEUE,
  DEAD_LETTERS,
  DEVICE,
  EVENT_BUS,
  JOBS_TABLE,
  LOG_GROUPS,
  MODELS_BUCKET,
  OUTSIDE,
  RESULTS_BUCKET,
  REUSE_DAYS,
  requireVariable,
  STATE_MACHINES,
  TEAMS_TABLE,
  UPLOADS_BUCKET,
  type Variables,
  WEBHOOKS_QUEUE,
  WORK_BUCKET,
} from './environment.ts';
import { limitsFrom } from './limits.ts';
import { openRecordStore } from './outside/record-store.ts';
import type { WorkloadStore } from './outside/workload-store.ts';
import { PUBLIC_ONLY, refuseReceiver } from './webhooks/receivers.ts';
import { newSecret } from './webhooks/signature.ts';

// One set of clients a process: their connections outlive an invocation.
const clients = openClients();

/** What a step on AWS needs. */
export async function openAwsStores(
  variables: Variables,
  scratchFolder: string,
): Promise<{ artifacts: ArtifactStore; jobs: JobStore; models: ModelSource }> {
  const s3 = await clients.s3();
  return {
    artifacts: openArtifactStore({
      s3,
      workBucket: requireVariable(variables, WORK_BUCKET),
      resultsBucket: requireVariable(variables, RESULTS_BUCKET),
    }),
    jobs: openJobStore({ dynamoDb: await clients.dynamoDb(), table: requireVariable(variables, JOBS_TABLE) }),
    models: lazyModels(variables, scratchFolder),
  };
}

/** Reads the text of a secret by its ARN. */
export async function openAwsSecrets(): Promise<(arn: string) => Promise<string>> {
  const secretsManager = await clients.secretsManager();
  return (arn) => readSecret(secretsManager, arn);
}

// A step that uses no model does not pay for the model store, nor needs a bucket for it.
function lazyModels(variables: Variables, scratchFolder: string): ModelSource {
  let opened: Promise<ModelSource> | undefined;
  const open = async (): Promise<ModelSource> => {
    const { openModelStore } = await import('#adapters/aws/model-store');
    const { modelFolders } = await import('#adapters/local/model-folders');
    return openModelStore({
      s3: await clients.s3(),
      bucket: requireVariable(variables, MODELS_BUCKET),
      shipped: modelFolders().shipped,
      cache: join(scratchFolder, 'models'),
    });
  };
  return {
    async fetch(ref) {
      opened ??= open();
      return await (await opened).fetch(ref);
    },
  };
}

export interface AwsPlatform {
  artifacts: ArtifactStore;
  jobs: JobStore;
  leases: Leases;
  limits: Limits;
  executions: Executions;
  deadLetters: DeadLetters;
  records: Records;
  /** Workloads from other repositories. */
  workloadStore: WorkloadStore;
  /** Makes what such a workload runs on; only where the environment says what was prepared for them. */
  prepareWorkload?: (workload: Workload) => Promise<void>;
  listing: InputListing;
  /** Has somebody work on a batch; only where the environment names the queue. */
  wakeBatch: (batch: string, delaySeconds?: number) => Promise<void>;
  mostItems?: number;
  uploads: Uploads;
  notices: Notices;
  webhookSecrets: WebhookSecrets;
  refuseReceiver: (url: string) => string | undefined;
  logs: Logs;
  models: ModelDigests;
  /** For how long work is taken over by other jobs; the platform's own figure if the environment does not say. */
  reuseDays?: number;
  /** What steps are planned on where they can run on both. */
  device: Device;
}

/** Everything that the life of a job needs on AWS, beside its steps: for the API and the doors of queues and schedules. */
export async function openAwsPlatform(variables: Variables = process.env): Promise<AwsPlatform> {
  const s3 = await clients.s3();
  const workBucket = requireVariable(variables, WORK_BUCKET);
  const resultsBucket = requireVariable(variables, RESULTS_BUCKET);
  const uploadsBucket = requireVariable(variables, UPLOADS_BUCKET);
  const notices = await openAwsNotices(variables);
  const jobs = await openAwsJobs(variables);
  const records = await openAwsRecords(variables);
  const workloadStore = openRecordStore(records);
  return {
    artifacts: openArtifactStore({ s3, workBucket, resultsBucket }),
    jobs: announcing(jobs, { notices }),
    leases: openLeases({ dynamoDb: await clients.dynamoDb(), table: requireVariable(variables, JOBS_TABLE) }),
    limits: await openAwsLimits(variables),
    executions: openExecutions({
      stepFunctions: await clients.stepFunctions(),
      ecs: clients.ecs,
      machines: requireVariable(variables, STATE_MACHINES),
      versionOf: registeredVersion(workloadStore, jobs),
    }),
    deadLetters: openDeadLetters({ sqs: await clients.sqs(), queueUrl: requireVariable(variables, DEAD_LETTERS) }),
    records,
    workloadStore,
    ...preparing(variables),
    listing: openInputListing({ s3 }),
    wakeBatch: lazyBatchQueue(variables),
    ...mostItemsFrom(variables),
    uploads: openUploads({ s3, uploadsBucket, workBucket, resultsBucket }),
    notices,
    webhookSecrets: await openAwsWebhookSecrets(variables),
    refuseReceiver: (url) => refuseReceiver(url, PUBLIC_ONLY),
    logs: openLogs({
      cloudWatchLogs: await clients.cloudWatchLogs(),
      prefix: requireVariable(variables, LOG_GROUPS),
    }),
    models: lazyDigests(variables),
    ...reuseFrom(variables),
    device: deviceFrom(variables),
  };
}

/** What a step on AWS needs that is taken by one function for all workloads from outside. */
export async function openAwsWorkloads(variables: Variables = process.env) {
  return { jobs: await openAwsJobs(variables), store: openRecordStore(await openAwsRecords(variables)) };
}

async function openAwsRecords(variables: Variables): Promise<Records> {
  return openRecords({ dynamoDb: await clients.dynamoDb(), table: requireVariable(variables, JOBS_TABLE) });
}

/** Whether a workload was registered never changes while a job of it is there, so it is asked once. */
function registeredVersion(store: WorkloadStore, jobs: Pick<JobStore, 'get'>) {
  const registered = new Map<string, boolean>();
  return async (workload: string, jobId: string): Promise<string | undefined> => {
    const isRegistered = registered.get(workload) ?? (await store.versions(workload)).length > 0;
    registered.set(workload, isRegistered);
    return isRegistered ? (await jobs.get(jobId))?.workloadVersion : undefined;
  };
}

function preparing(variables: Variables): Pick<AwsPlatform, 'prepareWorkload'> {
  const text = variables[OUTSIDE];
  if (text === undefined) return {};
  const checked = outsideSettingsSchema.safeParse(JSON.parse(text));
  if (!checked.success) {
    throw new ContractError(`${OUTSIDE} does not say what was prepared: ${z.prettifyError(checked.error)}`);
  }
  const settings = checked.data;
  return {
    async prepareWorkload(workload) {
      const { openOutsideRuntime } = await import('#adapters/aws/outside-runtime');
      await openOutsideRuntime({ clients, settings })(workload);
    },
  };
}

async function openAwsLimits(variables: Variables): Promise<Limits> {
  const { cpu, gpu, team, queued } = limitsFrom(variables);
  return { pools: { cpu, gpu }, team: openTeamLimits({ teams: await openAwsTeams(variables), usual: team }), queued };
}

// Most doors put nothing into that queue, and have no name of it.
function lazyBatchQueue(variables: Variables) {
  return async (batch: string, delaySeconds?: number) => {
    const queue = { sqs: await clients.sqs(), queueUrl: requireVariable(variables, BATCHES_QUEUE) };
    await openBatchQueue(queue)(batch, delaySeconds);
  };
}

function mostItemsFrom(variables: Variables): { mostItems?: number } {
  const most = variables[BATCH_ITEMS];
  if (most === undefined) return {};
  if (Number.isInteger(Number(most)) && Number(most) > 0) return { mostItems: Number(most) };
  throw new ContractError(`${BATCH_ITEMS} is ${JSON.stringify(most)}; expected a whole number from 1.`);
}

// A workload without models needs no bucket of them.
function lazyDigests(variables: Variables): ModelDigests {
  return {
    async digest(ref) {
      const bucket = { s3: await clients.s3(), bucket: requireVariable(variables, MODELS_BUCKET) };
      return await openModelDigests(bucket).digest(ref);
    },
  };
}

function reuseFrom(variables: Variables): { reuseDays?: number } {
  const days = variables[REUSE_DAYS];
  if (days === undefined) return {};
  if (Number(days) >= 0) return { reuseDays: Number(days) };
  throw new ContractError(`${REUSE_DAYS} is ${JSON.stringify(days)}; expected a number of days.`);
}

async function openAwsJobs(variables: Variables): Promise<JobStore> {
  return openJobStore({ dynamoDb: await clients.dynamoDb(), table: requireVariable(variables, JOBS_TABLE) });
}

/** The bus that tells of jobs and their steps. */
export async function openAwsNotices(variables: Variables = process.env): Promise<Notices> {
  return openEventBus({ eventBridge: await clients.eventBridge(), bus: requireVariable(variables, EVENT_BUS) });
}

async function openAwsWebhookSecrets(variables: Variables): Promise<WebhookSecrets> {
  const table = requireVariable(variables, TEAMS_TABLE);
  return openTeamSecrets({ dynamoDb: await clients.dynamoDb(), table, first: newSecret });
}

/** What the door needs that posts webhooks. */
export async function openAwsWebhooks(variables: Variables = process.env) {
  const queueUrl = requireVariable(variables, WEBHOOKS_QUEUE);
  return {
    jobs: await openAwsJobs(variables),
    secrets: await openAwsWebhookSecrets(variables),
    postpone: openPostponing({ sqs: await clients.sqs(), queueUrl }),
  };
}

function deviceFrom(variables: Variables): Device {
  const device = z.enum(['cpu', 'gpu']).safeParse(variables[DEVICE] ?? 'cpu');
  if (device.success) return device.data;
  throw new ContractError(`${DEVICE} is ${JSON.stringify(variables[DEVICE])}; expected cpu or gpu.`);
}

/** The look-up of whoever comes to the API's door. */
export async function openAwsTeams(variables: Variables = process.env): Promise<Teams> {
  return openTeams({ dynamoDb: await clients.dynamoDb(), table: requireVariable(variables, TEAMS_TABLE) });
}
