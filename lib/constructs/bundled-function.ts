import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { bundleOf } from './function-bundle.ts';
import { accept, type Grant, grant } from './grant.ts';
import { logRetention } from './log-retention.ts';
import { namesOf } from './names.ts';

export interface BundledFunctionProps {
  stage: Stage;
  settings: Settings;
  /** The file under lambdas/. */
  door: string;
  /** After the stage's prefix, in the function's name and in its log group's. */
  name: string;
  description: string;
  memoryMiB: number;
  timeoutSeconds: number;
  environment: Record<string, string>;
  grants: Grant[];
}

// Room for a report's pictures; more than Lambda gives for nothing, and cheap.
const SCRATCH_MIB = 2_048;

/** One function: its bundle, a role of its own that can do what it must, a log group that forgets. */
export class BundledFunction extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { stage, settings, name } = props;
    const names = namesOf(this, stage);
    this.logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup(`functions/${name}`),
      retention: logRetention(settings),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    grant(role, ...props.grants, {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [names.arn('logs', `log-group:${names.logGroup(`functions/${name}`)}:*`)],
      why: 'The streams of its own log group, which are named when they are made.',
    });
    this.function = new lambda.Function(this, 'Function', {
      functionName: `${names.prefix}-${name}`,
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.X86_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(bundleOf(props.door)),
      memorySize: props.memoryMiB,
      timeout: Duration.seconds(props.timeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(SCRATCH_MIB),
      environment: props.environment,
      tracing: lambda.Tracing.ACTIVE,
      logGroup: this.logGroup,
      role,
    });
    accept(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray takes segments for no resource in particular.');
  }
}
