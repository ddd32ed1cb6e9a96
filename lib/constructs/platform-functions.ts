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
  readonly byName: Record<string, LambdaFunction> = {};
  private readonly props: PlatformFunctionsProps;

  constructor(scope: Construct, id: string, props: PlatformFunctionsProps) {
    super(scope, id);
    this.props = props;
    const can = platformGrants(namesOf(this, props.stage), props.settings);
    // A start that finds its execution there looks whether it is the same one.
    const submit = [can.jobs, can.startExecutions, can.followExecutions, ...can.key];
    const planning = { STEPREEL_DEVICE: props.settings.device };

    this.jobsApi = this.add(
      'jobs-api',
      {
        description: 'Answers the jobs API.',
        memoryMiB: 1_024,
        // API Gateway hangs up after 29 seconds.
        timeoutSeconds: 28,
        grants: [
          ...submit,
          can.artifacts,
          can.listArtifacts,
          can.readUploads,
          can.listUploads,
          can.signUploads,
          can.takeDeadLetters,
          can.putDeadLetters,
          ...can.foreignInputs,
        ],
      },
      planning,
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
        grants: [...submit, can.idempotency, can.readUploads, can.listUploads],
      },
      planning,
    );
    const settlement = this.add('settlement', {
      description: 'Records how executions ended and why tasks wait.',
      memoryMiB: 512,
      timeoutSeconds: 60,
      grants: [
        can.jobs,
        can.idempotency,
        can.followExecutions,
        can.artifacts,
        can.listArtifacts,
        can.putDeadLetters,
        ...can.key,
      ],
    });
    this.sweep = this.add(
      'sweep',
      {
        description: 'Starts jobs that were recorded and not started.',
        memoryMiB: 512,
        timeoutSeconds: 120,
        grants: [...submit, can.putDeadLetters],
      },
      planning,
    );
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
    });
    this.byName[name] = made;
    return made;
  }
}

/** A batch in which one message fails brings back that message alone. */
function feed(consumer: LambdaFunction, queue: Queue): void {
  consumer.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));
}
