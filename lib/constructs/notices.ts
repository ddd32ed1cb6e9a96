import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import { namesOf } from './names.ts';
import type { Queues } from './queues.ts';

/** The bus that tells of jobs and their steps. Rules of anybody's may listen; ours hands on what webhooks wait for. */
export class NoticeBus extends Construct {
  constructor(scope: Construct, id: string, { stage, queues }: { stage: Stage; queues: Queues }) {
    super(scope, id);
    const names = namesOf(this, stage);
    const eventBus = new events.EventBus(this, 'Bus', {
      eventBusName: names.eventBus,
      description: `Stepreel ${stage}: job-start, step-start, step-end, job-end`,
    });
    new events.Rule(this, 'Webhooks', {
      ruleName: `${names.prefix}-webhooks`,
      description: 'Notices that a receiver waits for, which its job names.',
      eventBus,
      eventPattern: { source: ['stepreel'], detail: { webhook: [true] } },
      targets: [
        new targets.SqsQueue(queues.webhooks, {
          deadLetterQueue: queues.webhooksDeadLetters,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
  }
}
