import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

export type BucketUse = 'uploads' | 'work' | 'results' | 'models' | 'logs';
export type TableUse = 'jobs' | 'idempotency' | 'teams';
export type QueueUse =
  | 'uploads'
  | 'uploads-dead-letters'
  | 'settlements'
  | 'settlements-dead-letters'
  | 'batches'
  | 'batches-dead-letters'
  | 'webhooks'
  | 'webhooks-dead-letters'
  | 'dead-letters';

/** What is made for workloads that are registered later is called so, after the prefix. */
export const OUTSIDE = 'outside-';

/** Where a workload's stack finds what the platform made: SSM parameters under /stepreel/<stage>/. */
export const PARAMETERS = {
  subnets: 'network/subnets',
  taskSecurityGroup: 'network/task-security-group',
  alarmTopic: 'alarms/topic',
} as const;

/**
 * The physical names of a stage. They follow from the stage alone, so that a workload's stack can name the platform's
 * things, in permissions too, without an export that would tie the two together.
 */
export function namesOf(scope: Construct, stage: Stage) {
  const { account, region, partition } = Stack.of(scope);
  const prefix = `stepreel-${stage}`;
  const arn = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const bucket = (use: BucketUse) => `${prefix}-${use}-${account}-${region}`;
  const table = (use: TableUse) => `${prefix}-${use}`;
  const queue = (use: QueueUse) => `${prefix}-${use}`;
  return {
    prefix,
    cluster: prefix,
    gpuCapacity: `${prefix}-gpu`,
    eventBus: prefix,
    /** What the repositories of images begin with that workloads from outside may run. */
    outsideImages: `${prefix}-${OUTSIDE}`,
    /** The path of the roles of their tasks. */
    rolePath: `/stepreel/${stage}/`,
    keyAlias: `alias/${prefix}`,
    arn,
    bucket,
    bucketArn: (use: BucketUse) => `arn:${partition}:s3:::${bucket(use)}`,
    table,
    tableArn: (use: TableUse) => arn('dynamodb', `table/${table(use)}`),
    queue,
    queueArn: (use: QueueUse) => arn('sqs', queue(use)),
    /** The machine of a workload is this with its name behind it. */
    stateMachinePrefix: arn('states', `stateMachine:${prefix}-`),
    logGroup: (path: string) => `/stepreel/${stage}/${path}`,
    parameter: (path: string) => `/stepreel/${stage}/${path}`,
  };
}

export type Names = ReturnType<typeof namesOf>;
