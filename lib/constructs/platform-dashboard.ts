import { Dashboard, GraphWidget, type IMetric, type IWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import type { Api } from './api.ts';
import type { Cluster } from './cluster.ts';
import { DISK_USE, GPU_NAMESPACE, GPU_USE } from './gpu-metrics.ts';
import { namesOf } from './names.ts';
import type { PlatformFunctions } from './platform-functions.ts';
import type { Queues } from './queues.ts';

interface PlatformDashboardProps {
  stage: Stage;
  api: Api;
  cluster: Cluster;
  functions: Pick<PlatformFunctions, 'byName'>;
  queues: Queues;
}

/** The environment at a glance, from the front door to the machines. */
export class PlatformDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, api: { api }, cluster, functions, queues }: PlatformDashboardProps,
  ) {
    super(scope, id);
    const { prefix } = namesOf(this, stage);
    const gpu = (metricName: string) =>
      new Metric({
        namespace: GPU_NAMESPACE,
        metricName,
        dimensionsMap: { Group: `${prefix}-gpu` },
        statistic: 'Average',
      });
    const machines = new Metric({
      namespace: 'AWS/AutoScaling',
      metricName: 'GroupInServiceInstances',
      dimensionsMap: { AutoScalingGroupName: cluster.gpuGroup.autoScalingGroupName },
      statistic: 'Average',
    });
    const each = Object.values(functions.byName);
    const ends = [queues.deadLetters, queues.uploadsDeadLetters, queues.settlementsDeadLetters];
    const work = [queues.uploads, queues.settlements];
    new Dashboard(this, 'Dashboard', {
      dashboardName: prefix,
      widgets: [
        [
          graph('API: requests', [api.metricCount(), api.metricClientError(), api.metricServerError()]),
          graph('API: milliseconds', [
            api.metricLatency({ statistic: 'p50' }),
            api.metricLatency({ statistic: 'p99' }),
          ]),
        ],
        [
          graph(
            'Events: waiting',
            work.map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
          ),
          graph(
            'Events: age in seconds',
            work.map((queue) => queue.metricApproximateAgeOfOldestMessage()),
          ),
          graph(
            'Dead letters',
            ends.map((queue) => queue.metricApproximateNumberOfMessagesVisible()),
          ),
        ],
        [
          graph(
            'Functions: errors',
            each.map((one) => one.metricErrors()),
          ),
          graph(
            'Functions: milliseconds, p99',
            each.map((one) => one.metricDuration({ statistic: 'p99' })),
          ),
          graph(
            'Functions: throttles',
            each.map((one) => one.metricThrottles()),
          ),
        ],
        [
          graph('GPU machines', [machines]),
          graph('GPU machines: percent of GPU and disk', [gpu(GPU_USE), gpu(DISK_USE)]),
        ],
      ],
    });
  }
}

export function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
