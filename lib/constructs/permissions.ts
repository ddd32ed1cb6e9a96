import type { Settings } from '../settings.ts';
import type { Grant } from './grant.ts';
import type { Names } from './names.ts';

/** What the platform's own doors do, by name. Each is for all workloads, since they serve all. */
export function platformGrants(names: Names, settings: Settings) {
  const table = (use: 'jobs' | 'idempotency' | 'teams') => names.tableArn(use);
  return {
    jobs: {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      resources: [table('jobs'), `${table('jobs')}/index/queued`, `${table('jobs')}/index/by-team`],
      why: 'Records of all jobs.',
    },
    teams: { actions: ['dynamodb:GetItem'], resources: [table('teams')], why: 'Whose credential it is.' },
    idempotency: {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      resources: [table('idempotency')],
      why: 'Events that were worked on already.',
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
      actions: ['s3:PutObject'],
      resources: [`${names.bucketArn('uploads')}/uploads/*`],
      why: 'A signed form lets in what its signer may put: files of all teams.',
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
