import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

interface WorkloadMetricsProps {
  stage: Stage;
  workload: string;
  executionLogs: ILogGroup;
  /** Where steps write their metrics as JSON lines: one log group a function, one for all tasks. */
  stepLogs: Record<string, ILogGroup>;
}

// By the types of Step Functions' log events. A stopped job is neither: somebody wanted that.
const ENDINGS = [
  { name: 'Succeeded', failed: 0, pattern: FilterPattern.stringValue('$.type', '=', 'ExecutionSucceeded') },
  {
    name: 'Failed',
    failed: 100,
    pattern: FilterPattern.any(
      FilterPattern.stringValue('$.type', '=', 'ExecutionFailed'),
      FilterPattern.stringValue('$.type', '=', 'ExecutionTimedOut'),
    ),
  },
] as const;

/**
 * What the alarms of a workload look at, taken from its logs. The metrics that steps report have a dimension for each
 * device and model, and an alarm must name all of them; these are by workload, and by step.
 */
export class WorkloadMetrics extends Construct {
  private readonly namespace: string;

  constructor(scope: Construct, id: string, { stage, workload, executionLogs, stepLogs }: WorkloadMetricsProps) {
    super(scope, id);
    this.namespace = `Stepreel/${stage}/${workload}`;
    // Each job counts as 0 or as 100, so that the average is a share in percent.
    for (const { name, failed, pattern: filterPattern } of ENDINGS) {
      for (const [metricName, value] of Object.entries({ JobsFailed: failed, JobsSucceeded: 100 - failed })) {
        new MetricFilter(this, `${metricName}When${name}`, {
          logGroup: executionLogs,
          filterPattern,
          metricNamespace: this.namespace,
          metricName,
          metricValue: String(value),
        });
      }
    }
    for (const [name, logGroup] of Object.entries(stepLogs)) {
      new MetricFilter(this, `StepSecondsOf${name}`, {
        logGroup,
        filterPattern: FilterPattern.numberValue('$.StepDuration', '>=', 0),
        metricNamespace: this.namespace,
        metricName: 'StepSeconds',
        metricValue: '$.StepDuration',
        dimensions: { Step: '$.Step' },
      });
    }
  }

  /** The share of jobs that ended so, of those that ended by themselves, in percent. */
  share(ending: 'JobsFailed' | 'JobsSucceeded'): Metric {
    // Over an hour: a single job that fails is told by the dead letters, a rate needs some to be one.
    return new Metric({
      namespace: this.namespace,
      metricName: ending,
      statistic: 'Average',
      period: Duration.hours(1),
    });
  }

  /** The longest run of a step, on whichever device. */
  longestRun(step: string): Metric {
    return new Metric({
      namespace: this.namespace,
      metricName: 'StepSeconds',
      dimensionsMap: { Step: step },
      statistic: 'Maximum',
      period: Duration.minutes(5),
    });
  }
}

// The dimensions of every metric that a step reports, and how CloudWatch's search wants them.
const REPORTED = '{Stepreel,Device,Model,Service,Stage,Step,Workload}';

/** A metric that the steps of a workload report, as lines of a graph. */
export function byStep(stage: Stage, workload: string, metric: string, statistic: string): MathExpression {
  const terms = `MetricName="${metric}" Stage="${stage}" Workload="${workload}"`;
  return new MathExpression({
    expression: `SEARCH('${REPORTED} ${terms}', '${statistic}', 300)`,
    usingMetrics: {},
    period: Duration.minutes(5),
    label: '',
  });
}
