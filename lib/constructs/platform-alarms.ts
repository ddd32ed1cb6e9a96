import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings, Stage } from '../settings.ts';
import { type AlarmRule, type Alarms, FIVE_MINUTES, raise } from './alarms.ts';
import type { Api } from './api.ts';
import { DISK_USE, GPU_NAMESPACE, GPU_USE } from './gpu-metrics.ts';
import { namesOf } from './names.ts';
import type { PlatformFunctions } from './platform-functions.ts';
import type { Queues } from './queues.ts';
import type { Tables } from './tables.ts';

interface PlatformAlarmsProps {
  stage: Stage;
  settings: Settings;
  alarms: Alarms;
  api: Api;
  functions: Pick<PlatformFunctions, 'byName'>;
  queues: Queues;
  tables: Tables;
}

const MINUTE = Duration.minutes(1);

/** What may go wrong with what workloads share. */
export class PlatformAlarms extends Construct {
  constructor(scope: Construct, id: string, props: PlatformAlarmsProps) {
    super(scope, id);
    const { prefix } = namesOf(this, props.stage);
    const rules = [
      ...deadLetterRules(props),
      ...queueRules(props),
      ...apiRules(props),
      ...functionRules(props),
      ...tableRules(props),
      ...gpuRules(props, prefix),
    ];
    for (const rule of rules) raise(this, props.alarms.topic, prefix, rule);
  }
}

function deadLetterRules({ queues }: PlatformAlarmsProps): AlarmRule[] {
  const waiting = (queue: Queue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum' });
  return [
    { alarm: 'dead-letters', metric: waiting(queues.deadLetters), threshold: 0 },
    { alarm: 'uploads-dead-letters', metric: waiting(queues.uploadsDeadLetters), threshold: 0 },
    { alarm: 'settlements-dead-letters', metric: waiting(queues.settlementsDeadLetters), threshold: 0 },
    { alarm: 'batches-dead-letters', metric: waiting(queues.batchesDeadLetters), threshold: 0 },
    { alarm: 'webhooks-dead-letters', metric: waiting(queues.webhooksDeadLetters), threshold: 0 },
  ];
}

function queueRules({ queues, settings: { thresholds } }: PlatformAlarmsProps): AlarmRule[] {
  return Object.entries({ uploads: queues.uploads, settlements: queues.settlements }).flatMap(
    ([subject, queue]): AlarmRule[] => [
      {
        alarm: 'queue-age',
        subject,
        metric: queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: 'Maximum' }),
        threshold: thresholds.queueAgeSeconds,
        periods: 3,
      },
      {
        alarm: 'queue-depth',
        subject,
        metric: queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'Maximum' }),
        threshold: thresholds.queueDepth,
        periods: 3,
      },
    ],
  );
}

function apiRules({ api: { api }, settings: { thresholds } }: PlatformAlarmsProps): AlarmRule[] {
  return [
    {
      alarm: 'api-errors',
      // Every request counts as 0 or 1 error, so the average is the share of requests that failed.
      metric: api.metricServerError({ period: FIVE_MINUTES, statistic: 'Average' }),
      threshold: thresholds.apiErrorPercent / 100,
    },
    {
      alarm: 'api-duration',
      metric: api.metricLatency({ period: FIVE_MINUTES, statistic: 'p99' }),
      threshold: thresholds.apiSeconds * 1000,
      periods: 3,
    },
  ];
}

function functionRules({ functions, settings: { thresholds } }: PlatformAlarmsProps): AlarmRule[] {
  return Object.entries(functions.byName).flatMap(([subject, one]): AlarmRule[] => [
    {
      alarm: 'function-errors',
      subject,
      metric: one.metricErrors({ period: FIVE_MINUTES, statistic: 'Average' }),
      threshold: thresholds.errorPercent / 100,
    },
    {
      alarm: 'throttles',
      subject,
      metric: one.metricThrottles({ period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: 0,
    },
  ]);
}

/** By operation: DynamoDB counts no throttles of a whole table. */
function tableRules({ tables }: PlatformAlarmsProps): AlarmRule[] {
  return tables.all.flatMap((table) =>
    [Operation.GET_ITEM, Operation.PUT_ITEM, Operation.UPDATE_ITEM].map((operation) => ({
      alarm: 'throttles' as const,
      subject: `${table.node.id}-${operation}`,
      metric: table.metricThrottledRequestsForOperation(operation, { period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: 0,
    })),
  );
}

/** The machines report, so there is data while there are machines; without any, no alarm is raised. */
function gpuRules({ settings: { thresholds } }: PlatformAlarmsProps, prefix: string): AlarmRule[] {
  const read = (metricName: string, statistic: string) =>
    new Metric({
      namespace: GPU_NAMESPACE,
      metricName,
      dimensionsMap: { Group: `${prefix}-gpu` },
      statistic,
      period: MINUTE,
    });
  const { gpuPercent, gpuIdlePercent, gpuIdleMinutes, storagePercent } = thresholds;
  const busy = read(GPU_USE, 'Average');
  const disk = read(DISK_USE, 'Maximum');
  return [
    {
      alarm: 'gpu-idle',
      metric: read(GPU_USE, 'Minimum'),
      threshold: gpuIdlePercent,
      below: true,
      periods: gpuIdleMinutes,
    },
    { alarm: 'gpu-use-warning', metric: busy, threshold: gpuPercent.warning, periods: 15 },
    { alarm: 'gpu-use-critical', metric: busy, threshold: gpuPercent.critical, periods: 15 },
    { alarm: 'storage-warning', subject: 'gpu-machines', metric: disk, threshold: storagePercent.warning },
    { alarm: 'storage-critical', subject: 'gpu-machines', metric: disk, threshold: storagePercent.critical },
  ];
}
