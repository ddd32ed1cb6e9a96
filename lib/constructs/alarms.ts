import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import type { Encryption } from './encryption.ts';
import { namesOf, PARAMETERS } from './names.ts';

/** Every alarm there is, with what it says to whom it wakes. docs/operations.md tells what to do about each. */
export const ALARMS = {
  'dead-letters': 'Jobs failed for good and wait for a person: replay or drop them.',
  'uploads-dead-letters': 'Upload events could not be made into jobs.',
  'settlements-dead-letters': 'Status events could not be settled: jobs may look as if they still ran.',
  'batches-dead-letters': 'Batches were not worked on to their end: items of theirs are no jobs.',
  'webhooks-dead-letters': 'Webhooks were not taken by their receivers within a day, or could not be sent.',
  'queue-age': 'Events wait longer than they should.',
  'queue-depth': 'More events wait than are worked on.',
  'api-errors': 'The API answers too many requests with an error of ours.',
  'api-duration': 'The API is slow.',
  'function-errors': 'Too many calls of a function fail.',
  throttles: 'AWS turned calls away, because they were too many at once.',
  'error-rate': 'Too many jobs fail.',
  'success-rate-warning': 'Fewer jobs succeed than should.',
  'success-rate-critical': 'Far fewer jobs succeed than should.',
  'job-duration': 'One job in a hundred takes longer than planned.',
  'step-duration-warning': 'A step takes long.',
  'step-duration-critical': 'A step takes far too long.',
  'gpu-idle': 'A GPU machine is paid for and does nothing.',
  'gpu-use-warning': 'The GPUs are busy.',
  'gpu-use-critical': 'The GPUs are busier than they can be for long.',
  'storage-warning': 'A disk fills up.',
  'storage-critical': 'A disk is nearly full: tasks are about to fail.',
} as const;

export type AlarmName = keyof typeof ALARMS;

export interface AlarmRule {
  alarm: AlarmName;
  /** What it is about, where there are several of the kind: a queue, a step. */
  subject?: string;
  metric: IMetric;
  threshold: number;
  /** Below instead of above the threshold. */
  below?: boolean;
  /** For how many periods of the metric on end. */
  periods?: number;
}

/** The topic that alarms go to, and which people subscribe to. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: { stage: Stage; settings: Settings; encryption: Encryption }) {
    super(scope, id);
    const { stage, settings, encryption } = props;
    const names = namesOf(this, stage);
    this.topic = new Topic(this, 'Topic', {
      topicName: `${names.prefix}-alarms`,
      displayName: `Stepreel ${stage}`,
      masterKey: encryption.key,
      enforceSSL: true,
    });
    if (settings.alarmEmail) this.topic.addSubscription(new EmailSubscription(settings.alarmEmail));
    new StringParameter(this, 'TopicArn', {
      parameterName: names.parameter(PARAMETERS.alarmTopic),
      stringValue: this.topic.topicArn,
    });
  }
}

/** An alarm that tells the topic when it begins and when it is over. No data is no news: idle platforms are quiet. */
export function raise(scope: Construct, topic: ITopic, prefix: string, rule: AlarmRule): Alarm {
  const { alarm: name, subject, metric, threshold, below = false, periods = 1 } = rule;
  const full = subject ? `${name}-${subject}` : name;
  const alarm = new Alarm(scope, full, {
    alarmName: `${prefix}-${full}`,
    alarmDescription: ALARMS[name],
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
  return alarm;
}

export const FIVE_MINUTES = Duration.minutes(5);
