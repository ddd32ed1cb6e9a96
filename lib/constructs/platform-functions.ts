import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import type { Encryption } from './encryption.ts';
import { namesOf } from './names.ts';
import { platformGrants } from './permissions.ts';
import type { Queues } from './queues.ts';
import { FUNCTION_SCRATCH, runEnvironment } from './run-environment.ts';
import type { UserPool } from './user-pool.ts';

interface PlatformFunctionsProps {
  stage: Stage;
  settings: Settings;
  encryption: Encryption;
  queues: Queues;
  userPool: UserPool;
}

type Described = Pick<BundledFunctionProps, 'description' | 'memoryMiB' | 'timeoutSeconds' | 'grants'>;

/** The platform's doors: each a function that can do its own work and no more. */
export class PlatformFunctions extends Construct {
  readonly jobsApi: LambdaFunction;
  readonly authorizer: LambdaFunction;
  readonly sweep: LambdaFunction;
  readonly orders: LambdaFunction;
  readonly byName: Record<string, LambdaFunction> = {};
  private readonly props: PlatformFunctionsProps;

  constructor(scope: Construct, id: string, props: PlatformFunctionsProps) {
    super(scope, id);
    this.props = props;
    const can = platformGrants(namesOf(this, props.stage), props.settings);
    // A plan takes over what other jobs have done with the same input, parameters and models.
    const plan = [
      can.artifacts,
      can.listArtifacts,
      can.finishedWork,
      can.describedModels,
      can.listModels,
      can.readUploads,
      can.listUploads,
      ...can.foreignInputs,
    ];
    // A start that finds its execution there looks whether it is the same one.
    // Whoever starts a job that was cancelled meanwhile stops it, and keeps the letter of one that can't be started.
    const submit = [
      can.jobs,
      can.teamLimits,
      can.startExecutions,
      can.followExecutions,
      can.stopTasks,
      can.putDeadLetters,
      can.tell,
      ...plan,
      ...can.key,
    ];
    const planning = {
      STEPREEL_LIMITS: JSON.stringify(props.settings.admission),
      STEPREEL_DEVICE: props.settings.device,
      STEPREEL_REUSE_DAYS: `${props.settings.retentionDays.reuse}`,
    };

    const batching = [can.batches, can.wakeBatches];
    const batchQueue = {
      STEPREEL_BATCHES_QUEUE: props.queues.batches.queueUrl,
      STEPREEL_BATCH_ITEMS: `${props.settings.mostBatchItems}`,
    };

    this.jobsApi = this.add(
      'jobs-api',
      {
        description: 'Answers the jobs API.',
        memoryMiB: 1_024,
        // API Gateway hangs up after 29 seconds.
        timeoutSeconds: 28,
        grants: [
          ...submit,
          ...batching,
          can.signUploads,
          can.forgetRecords,
          can.takeDeadLetters,
          can.webhookSecrets,
          can.readLogs,
        ],
      },
      { ...planning, ...batchQueue, ...(props.settings.videos ? { STEPREEL_VIDEOS: props.settings.videos } : {}) },
    );
    this.authorizer = this.add(
      'authorizer',
      {
        description: 'Says whose API key or token it is.',
        memoryMiB: 512,
        timeoutSeconds: 10,
        grants: [can.teams, ...can.key],
      },
      {
        STEPREEL_USER_POOL: props.userPool.pool.userPoolId,
        STEPREEL_USER_POOL_CLIENT: props.userPool.client.userPoolClientId,
      },
    );
    const uploadTrigger = this.add(
      'upload-trigger',
      {
        description: 'Makes jobs of files under incoming/.',
        memoryMiB: 512,
        timeoutSeconds: 60,
        grants: [...submit, can.idempotency],
      },
      planning,
    );
    const settlement = this.add(
      'settlement',
      {
        description: 'Records how executions ended and why tasks wait, and starts the next jobs.',
        memoryMiB: 512,
        timeoutSeconds: 60,
        grants: [...submit, can.idempotency],
      },
      planning,
    );
    this.sweep = this.add(
      'sweep',
      {
        description: 'Settles ends that nobody told, and starts jobs that there is a place for.',
        memoryMiB: 512,
        timeoutSeconds: 120,
        grants: submit,
      },
      planning,
    );
    const batches = this.add(
      'batches',
      {
        description: 'Makes jobs of the items of batches.',
        memoryMiB: 1_024,
        timeoutSeconds: 300,
        grants: [...submit, ...batching],
      },
      { ...planning, ...batchQueue },
    );
    this.orders = this.add(
      'orders',
      {
        description: 'Makes batches of orders that schedules and people send.',
        memoryMiB: 1_024,
        timeoutSeconds: 300,
        grants: [
          can.jobs,
          can.readUploads,
          can.listUploads,
          can.forgetRecords,
          ...can.foreignInputs,
          ...batching,
          ...can.key,
        ],
      },
      { ...planning, ...batchQueue },
    );
    const webhooks = this.add(
      'webhooks',
      {
        description: 'Posts notices to the receivers that jobs name.',
        memoryMiB: 512,
        timeoutSeconds: 60,
        grants: [can.readJobs, can.webhookSecrets, can.idempotency, ...can.key],
      },
      { STEPREEL_WEBHOOKS_QUEUE: props.queues.webhooks.queueUrl },
    );
    // Each may take ten seconds, and all of a batch are to be done within the function's minute.
    feed(webhooks, props.queues.webhooks, 5);
    // Each takes as long as the function may.
    feed(batches, props.queues.batches, 1);
    feed(uploadTrigger, props.queues.uploads);
    feed(settlement, props.queues.settlements);
  }

  private add(name: string, described: Described, extra: Record<string, string> = {}): LambdaFunction {
    const { stage, settings, queues } = this.props;
    const environment = {
      ...runEnvironment(this, stage),
      STEPREEL_SCRATCH: FUNCTION_SCRATCH,
      STEPREEL_DEAD_LETTERS: queues.deadLetters.queueUrl,
      ...extra,
    };
    const { function: made } = new BundledFunction(this, name, {
      stage,
      settings,
      name,
      door: `lambdas/${name}.ts`,
      environment,
      ...described,
      // What one task needs another may need, too.
      grants: [...new Set(described.grants)],
    });
    this.byName[name] = made;
    return made;
  }
}

/** A batch in which one message fails brings back that message alone. */
function feed(consumer: LambdaFunction, queue: Queue, batchSize = 10): void {
  consumer.addEventSource(new SqsEventSource(queue, { batchSize, reportBatchItemFailures: true }));
}
