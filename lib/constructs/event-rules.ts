import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import type { Buckets } from './buckets.ts';
import type { Cluster } from './cluster.ts';
import { namesOf } from './names.ts';
import type { Queues } from './queues.ts';

interface EventRulesProps {
  stage: Stage;
  queues: Queues;
  buckets: Buckets;
  cluster: Cluster;
  sweep: IFunction;
}

/** What AWS tells us, and where it goes. Events wait in queues, so a slow hour loses none. */
export class EventRules extends Construct {
  constructor(scope: Construct, id: string, { stage, queues, buckets, cluster, sweep }: EventRulesProps) {
    super(scope, id);
    const names = namesOf(this, stage);

    new events.Rule(this, 'Uploads', {
      ruleName: `${names.prefix}-uploads`,
      description: 'A file under incoming/<workload>/ becomes a job.',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [buckets.uploads.bucketName] }, object: { key: [{ prefix: 'incoming/' }] } },
      },
      targets: [toQueue(queues.uploads, queues.uploadsDeadLetters)],
    });
    new events.Rule(this, 'Executions', {
      ruleName: `${names.prefix}-executions`,
      description: 'An execution began: that is told. It ended: its job is settled.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [{ prefix: names.stateMachinePrefix }],
          status: ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [toQueue(queues.settlements, queues.settlementsDeadLetters)],
    });
    new events.Rule(this, 'Tasks', {
      ruleName: `${names.prefix}-tasks`,
      description: 'A task waits for a machine or got one: its job says so.',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [cluster.cluster.clusterArn] },
      },
      targets: [toQueue(queues.settlements, queues.settlementsDeadLetters)],
    });
    new events.Rule(this, 'Sweep', {
      ruleName: `${names.prefix}-sweep`,
      description: 'Settles ends that nobody told, and starts jobs that there is a place for.',
      schedule: events.Schedule.rate(Duration.minutes(1)),
      targets: [new targets.LambdaFunction(sweep, { retryAttempts: 2 })],
    });
  }
}

function toQueue(queue: Queue, deadLetterQueue: Queue): targets.SqsQueue {
  return new targets.SqsQueue(queue, { deadLetterQueue, maxEventAge: Duration.hours(24), retryAttempts: 185 });
}
