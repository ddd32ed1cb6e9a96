import { join } from 'node:path';
import { z } from 'zod';
import { openArtifactStore } from '#adapters/aws/artifact-store';
import { openClients } from '#adapters/aws/clients';
import { openDeadLetters } from '#adapters/aws/dead-letters';
import { openExecutions } from '#adapters/aws/executions';
import { openJobStore } from '#adapters/aws/job-store';
import { openTeams, type Teams } from '#adapters/aws/teams';
import { openUploads } from '#adapters/aws/uploads';
import { ContractError } from '#core/errors';
import type { ArtifactStore, DeadLetters, Executions, JobStore, Uploads } from '#core/ports';
import type { ModelSource } from '#core/step';
import type { Device } from '#core/workload';
import {
  DEAD_LETTERS,
  DEVICE,
  JOBS_TABLE,
  MODELS_BUCKET,
  RESULTS_BUCKET,
  requireVariable,
  STATE_MACHINES,
  TEAMS_TABLE,
  UPLOADS_BUCKET,
  type Variables,
  WORK_BUCKET,
} from './environment.ts';

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
  executions: Executions;
  deadLetters: DeadLetters;
  uploads: Uploads;
  /** What steps are planned on where they can run on both. */
  device: Device;
}

/** Everything that the life of a job needs on AWS, beside its steps: for the API and the doors of queues and schedules. */
export async function openAwsPlatform(variables: Variables = process.env): Promise<AwsPlatform> {
  const s3 = await clients.s3();
  const workBucket = requireVariable(variables, WORK_BUCKET);
  const resultsBucket = requireVariable(variables, RESULTS_BUCKET);
  const uploadsBucket = requireVariable(variables, UPLOADS_BUCKET);
  return {
    artifacts: openArtifactStore({ s3, workBucket, resultsBucket }),
    jobs: openJobStore({ dynamoDb: await clients.dynamoDb(), table: requireVariable(variables, JOBS_TABLE) }),
    executions: openExecutions({
      stepFunctions: await clients.stepFunctions(),
      machines: requireVariable(variables, STATE_MACHINES),
    }),
    deadLetters: openDeadLetters({ sqs: await clients.sqs(), queueUrl: requireVariable(variables, DEAD_LETTERS) }),
    uploads: openUploads({ s3, uploadsBucket, workBucket, resultsBucket }),
    device: deviceFrom(variables),
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
