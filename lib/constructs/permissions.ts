import type { Settings } from '../settings.ts';
import type { Grant } from './grant.ts';
import type { Names } from './names.ts';

/** What the platform's own doors do, by name. Each is for all workloads, since they serve all. */
export function platformGrants(names: Names, settings: Settings) {
  const table = (use: 'jobs' | 'idempotency' | 'teams') => names.tableArn(use);
  return {
    jobs: {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      resources: [
        table('jobs'),
        `${table('jobs')}/index/queued`,
        `${table('jobs')}/index/by-team`,
        `${table('jobs')}/index/by-batch`,
      ],
      why: 'Records of all jobs.',
    },
    teams: { actions: ['dynamodb:GetItem'], resources: [table('teams')], why: 'Whose credential it is.' },
    teamLimits: {
      actions: ['dynamodb:GetItem'],
      resources: [table('teams')],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['team#*'] } },
      why: 'How many jobs of a team may be under way; no credential.',
    },
    idempotency: {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      resources: [table('idempotency')],
      why: 'Events that were worked on already.',
    },
    tell: noticeGrant(names),
    webhookSecrets: {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table('teams')],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['webhook#*'] } },
      why: 'What webhooks are signed with, made when it is first asked for; no credential of a team.',
    },
    readJobs: { actions: ['dynamodb:GetItem'], resources: [table('jobs')], why: 'Where the webhooks of a job go.' },
    readLogs: {
      actions: ['logs:FilterLogEvents'],
      resources: [names.logGroup('functions/*'), names.logGroup('tasks/*')].map((group) =>
        names.arn('logs', `log-group:${group}`),
      ),
      why: 'Steps of all workloads; of their lines those of one job, which its team may read.',
    },
    startExecutions: {
      actions: ['states:StartExecution'],
      resources: [`${names.stateMachinePrefix}*`],
      why: 'A workload that is deployed later is started too, without a change here.',
    },
    followExecutions: {
      actions: ['states:StopExecution', 'states:DescribeExecution', 'states:GetExecutionHistory'],
      resources: [names.arn('states', `execution:${names.prefix}-*`)],
      why: 'Executions of all workloads; each has a name of its own.',
    },
    stopTasks: {
      actions: ['ecs:StopTask'],
      resources: [names.arn('ecs', `task/${names.cluster}/*`)],
      why: 'Tasks of cancelled jobs; each has an id of its own.',
    },
    artifacts: {
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${names.bucketArn('work')}/jobs/*`, `${names.bucketArn('results')}/jobs/*`],
      why: 'What jobs of all workloads wrote, under keys that begin with the job.',
    },
    listArtifacts: {
      actions: ['s3:ListBucket'],
      resources: [names.bucketArn('work'), names.bucketArn('results')],
      why: 'Finds what a job wrote, and tells a missing object from a forbidden one.',
    },
    finishedWork: {
      actions: ['s3:GetObject'],
      resources: [`${names.bucketArn('work')}/cache/*`],
      why: 'What jobs of all workloads have finished, by its content: a new job takes it over.',
    },
    describedModels: {
      actions: ['s3:GetObject'],
      resources: [`${names.bucketArn('models')}/models/*`],
      why: 'Descriptions of models, by which a step’s content is told; a job’s parameters choose the model.',
    },
    listModels: {
      actions: ['s3:ListBucket'],
      resources: [names.bucketArn('models')],
      why: 'Finds the newest version of a model.',
    },
    readUploads: {
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [`${names.bucketArn('uploads')}/*`],
      why: 'Files that people sent, under names of theirs.',
    },
    foreignInputs: foreignInputs(settings),
    listUploads: {
      actions: ['s3:ListBucket'],
      resources: [names.bucketArn('uploads')],
      why: 'Tells a missing object from a forbidden one.',
    },
    signUploads: {
      actions: ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload', 's3:DeleteObject'],
      resources: [`${names.bucketArn('uploads')}/uploads/*`],
      why: 'A signed form lets in what its signer may put: files of all teams, which they may also take back.',
    },
    forgetRecords: {
      actions: ['dynamodb:DeleteItem'],
      resources: [table('jobs')],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['upload#*', 'batch#*'] } },
      why: 'Records of uploads that were taken back, and of batches that could not be begun; no job.',
    },
    batches: {
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      resources: [`${names.bucketArn('work')}/batches/*`],
      why: 'Items of batches, and which of them were refused.',
    },
    wakeBatches: {
      actions: ['sqs:SendMessage'],
      resources: [names.queueArn('batches')],
      why: 'Batches that are to be worked on.',
    },
    putDeadLetters: {
      actions: ['sqs:SendMessage'],
      resources: [names.queueArn('dead-letters')],
      why: 'Failed jobs, for a person to look at.',
    },
    takeDeadLetters: {
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      resources: [names.queueArn('dead-letters')],
      why: 'Failed jobs, listed and replayed.',
    },
    key: dataKey(names, settings),
  } satisfies Record<string, Grant | Grant[]>;
}

/** To tell of jobs and steps. */
export function noticeGrant(names: Names): Grant {
  return {
    actions: ['events:PutEvents'],
    resources: [names.arn('events', `event-bus/${names.eventBus}`)],
    why: 'Tells of jobs.',
  };
}

/** What the steps of one workload may reach: what begins with its name, and no other's. */
export function workloadGrants(names: Names, settings: Settings, workload: string): Grant[] {
  const jobs = `${workload}-*`;
  const artifacts = [`${names.bucketArn('work')}/jobs/${jobs}`, `${names.bucketArn('results')}/jobs/${jobs}`];
  return [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resources: [names.tableArn('jobs')],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [jobs] } },
      why: 'Records of this workload’s jobs.',
    },
    {
      actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      resources: artifacts,
      why: 'What this workload’s jobs wrote, under keys that begin with the job.',
    },
    {
      actions: ['s3:PutObject'],
      resources: [`${names.bucketArn('work')}/cache/${workload}/*`],
      why: 'Tells other jobs of this workload what was finished, by its content.',
    },
    {
      // With "IfExists": S3 also asks for this right, then without a prefix, to say "missing" instead of "forbidden".
      actions: ['s3:ListBucket'],
      resources: [names.bucketArn('work'), names.bucketArn('results')],
      conditions: { StringLikeIfExists: { 's3:prefix': [`jobs/${jobs}`] } },
      why: 'Finds what a job of this workload wrote.',
    },
    {
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [`${names.bucketArn('uploads')}/incoming/${workload}/*`, `${names.bucketArn('uploads')}/uploads/*`],
      why: 'Input files, under names that their senders chose.',
    },
    {
      actions: ['s3:GetObject'],
      resources: [`${names.bucketArn('models')}/models/*`],
      why: 'Models are for all workloads; a job’s parameters choose.',
    },
    {
      actions: ['s3:ListBucket'],
      resources: [names.bucketArn('models')],
      why: 'Finds the newest version of a model.',
    },
    ...foreignInputs(settings),
    ...dataKey(names, settings),
  ];
}

/** The same for all workloads at once: of the functions that take a step of ours for whatever was registered. */
export function allWorkloadsGrants(names: Names, settings: Settings): Grant[] {
  const can = platformGrants(names, settings);
  return [
    can.jobs,
    can.artifacts,
    can.listArtifacts,
    {
      actions: ['s3:PutObject'],
      resources: [`${names.bucketArn('work')}/cache/*`],
      why: 'Tells other jobs of a workload what was finished, by its content.',
    },
    can.readUploads,
    can.listUploads,
    ...can.foreignInputs,
    ...can.key,
  ];
}

/** Buckets of the teams' own that jobs may take their input from; each has to allow this account too. */
function foreignInputs({ inputBuckets }: Settings): Grant[] {
  return inputBuckets.map((bucket) => ({
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'],
    resources: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    why: 'A bucket that the settings name as one of inputs.',
  }));
}

/** Where data is under our key, whoever reads or writes data uses the key. */
function dataKey(names: Names, { customerKey }: Settings): Grant[] {
  if (!customerKey) return [];
  return [
    {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [names.arn('kms', 'key/*')],
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [names.keyAlias] } },
      why: 'Keys have no name, so the condition names the stage’s key by its alias.',
    },
  ];
}
