import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Workload } from '#core/workload';
import type { Settings, Stage, WorkloadThresholds } from '../settings.ts';
import { type AlarmRule, FIVE_MINUTES, raise } from './alarms.ts';
import { type Names, namesOf } from './names.ts';
import type { Platform } from './platform-parameters.ts';
import type { StateMachine } from './state-machine.ts';
import type { StepFunctions } from './step-functions.ts';
import type { StepTasks } from './step-tasks.ts';
import type { WorkloadMetrics } from './workload-metrics.ts';

interface WorkloadAlarmsProps {
  stage: Stage;
  settings: Settings;
  workload: Workload;
  platform: Platform;
  machine: StateMachine;
  functions: StepFunctions;
  tasks: StepTasks;
  metrics: WorkloadMetrics;
}

/** What may go wrong with one workload. */
export class WorkloadAlarms extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadAlarmsProps) {
    super(scope, id);
    const { stage, settings, workload, platform } = props;
    const names = namesOf(this, stage);
    const thresholds = { ...settings.thresholds, ...settings.workloads[workload.name] };
    const rules = [
      ...jobRules(props, thresholds),
      ...stepRules(props, thresholds),
      ...functionRules(props, thresholds),
      ...diskRules(props, names),
    ];
    for (const rule of rules) raise(this, platform.alarmTopic, `${names.prefix}-${workload.name}`, rule);
  }
}

function jobRules({ machine: { machine }, metrics }: WorkloadAlarmsProps, thresholds: WorkloadThresholds): AlarmRule[] {
  const { errorPercent, successPercent, jobSeconds } = thresholds;
  const succeeded = metrics.share('JobsSucceeded');
  return [
    { alarm: 'error-rate', metric: metrics.share('JobsFailed'), threshold: errorPercent },
    { alarm: 'success-rate-warning', metric: succeeded, threshold: successPercent.warning, below: true },
    { alarm: 'success-rate-critical', metric: succeeded, threshold: successPercent.critical, below: true },
    {
      alarm: 'job-duration',
      metric: machine.metricTime({ period: FIVE_MINUTES, statistic: 'p99' }),
      threshold: jobSeconds * 1000,
    },
    {
      alarm: 'throttles',
      subject: 'executions',
      metric: machine.metricThrottled({ period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: 0,
    },
  ];
}

function stepRules({ workload, metrics }: WorkloadAlarmsProps, { stepSeconds }: WorkloadThresholds): AlarmRule[] {
  return Object.keys(workload.steps).flatMap((subject): AlarmRule[] => {
    const { warning, critical } = stepSeconds[subject] ?? stepSeconds.default;
    const metric = metrics.longestRun(subject);
    return [
      { alarm: 'step-duration-warning', subject, metric, threshold: warning },
      { alarm: 'step-duration-critical', subject, metric, threshold: critical },
    ];
  });
}

function functionRules({ functions }: WorkloadAlarmsProps, { errorPercent }: WorkloadThresholds): AlarmRule[] {
  return Array.from(functions.byStep).flatMap(([subject, { function: one }]): AlarmRule[] => [
    {
      alarm: 'function-errors',
      subject,
      // Every call counts as 0 or 1 error, so the average is the share of calls that failed.
      metric: one.metricErrors({ period: FIVE_MINUTES, statistic: 'Average' }),
      threshold: errorPercent / 100,
    },
    {
      alarm: 'throttles',
      subject,
      metric: one.metricThrottles({ period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: 0,
    },
  ]);
}

/** Of Fargate's disks, whose size is known here; those of GPU machines are the platform's. */
function diskRules({ settings, tasks }: WorkloadAlarmsProps, { cluster }: Names): AlarmRule[] {
  const { warning, critical } = settings.thresholds.storagePercent;
  return Array.from(tasks.byState).flatMap(([subject, { definition, diskGiB }]): AlarmRule[] => {
    if (diskGiB === undefined) return [];
    const metric = new Metric({
      namespace: 'ECS/ContainerInsights',
      metricName: 'EphemeralStorageUtilized',
      dimensionsMap: { ClusterName: cluster, TaskDefinitionFamily: definition.family },
      statistic: 'Maximum',
      period: Duration.minutes(5),
    });
    return [
      { alarm: 'storage-warning', subject, metric, threshold: (diskGiB * warning) / 100 },
      { alarm: 'storage-critical', subject, metric, threshold: (diskGiB * critical) / 100 },
    ];
  });
}
