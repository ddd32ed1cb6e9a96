import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MOST_ATTEMPTS } from '#core/notices';
import type { Settings, Stage } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { accept } from './grant.ts';
import { namesOf, type QueueUse } from './names.ts';

interface QueuesProps {
  stage: Stage;
  settings: Settings;
  encryption: Encryption;
}

// Six times what the functions behind them may take: a message must not come back while it is worked on.
const VISIBILITY = Duration.seconds(360);
// The same for the function that works on batches for minutes.
const BATCHES_VISIBILITY = Duration.minutes(30);
const MOST_RECEIVES = 3;

/** Events that wait for their function, and places for what nobody could do: each of those is alarmed above zero. */
export class Queues extends Construct {
  readonly uploads: sqs.Queue;
  readonly settlements: sqs.Queue;
  readonly uploadsDeadLetters: sqs.Queue;
  readonly settlementsDeadLetters: sqs.Queue;
  readonly batches: sqs.Queue;
  readonly batchesDeadLetters: sqs.Queue;
  readonly webhooks: sqs.Queue;
  readonly webhooksDeadLetters: sqs.Queue;
  /** Failed jobs, put there by settlement; a person replays or drops them. */
  readonly deadLetters: sqs.Queue;
  private readonly props: QueuesProps;

  constructor(scope: Construct, id: string, props: QueuesProps) {
    super(scope, id);
    this.props = props;
    this.uploadsDeadLetters = this.addEnd('uploads-dead-letters');
    this.settlementsDeadLetters = this.addEnd('settlements-dead-letters');
    this.batchesDeadLetters = this.addEnd('batches-dead-letters');
    this.webhooksDeadLetters = this.addEnd('webhooks-dead-letters');
    this.deadLetters = this.addEnd('dead-letters');
    this.uploads = this.addWork('uploads', this.uploadsDeadLetters);
    this.settlements = this.addWork('settlements', this.settlementsDeadLetters);
    this.batches = this.addWork('batches', this.batchesDeadLetters, MOST_RECEIVES, BATCHES_VISIBILITY);
    // A receiver may be down for hours, and each attempt says when the next one is.
    this.webhooks = this.addWork('webhooks', this.webhooksDeadLetters, MOST_ATTEMPTS);
  }

  private addWork(
    use: QueueUse,
    queue: sqs.Queue,
    maxReceiveCount = MOST_RECEIVES,
    visibilityTimeout = VISIBILITY,
  ): sqs.Queue {
    return this.add(use, {
      visibilityTimeout,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue, maxReceiveCount },
    });
  }

  private addEnd(use: QueueUse): sqs.Queue {
    const queue = this.add(use, { retentionPeriod: Duration.days(this.props.settings.retentionDays.deadLetters) });
    accept(queue, 'AwsSolutions-SQS3', 'It is itself where messages end, and is alarmed above zero.');
    return queue;
  }

  private add(use: QueueUse, options: sqs.QueueProps): sqs.Queue {
    const { stage, encryption } = this.props;
    return new sqs.Queue(this, use, {
      queueName: namesOf(this, stage).queue(use),
      enforceSSL: true,
      ...(encryption.dataKey
        ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: encryption.dataKey }
        : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
      removalPolicy: RemovalPolicy.DESTROY,
      ...options,
    });
  }
}
