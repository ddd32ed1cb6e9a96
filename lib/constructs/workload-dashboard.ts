import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Workload } from '#core/workload';
import type { Stage } from '../settings.ts';

import { namesOf } from './names.ts';
import { graph } from './platform-dashboard.ts';
import type { StateMachine } from './state-machine.ts';
import { byStep } from './workload-metrics.ts';

interface WorkloadDashboardProps {
  stage: Stage;
  workload: Workload;
  machine: StateMachine;
}

/** One workload at a glance: how its jobs end, how long they take, and which step it is. */
export class WorkloadDashboard extends Construct {
  constructor(scope: Construct, id: string, { stage, workload, machine: { machine } }: WorkloadDashboardProps) {
    super(scope, id);
    const steps = (metric: string, statistic: string) => byStep(stage, workload.name, metric, statistic);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `${namesOf(this, stage).prefix}-${workload.name}`,
      widgets: [
        [
          graph('Jobs', [
            machine.metricStarted(),
            machine.metricSucceeded(),
            machine.metricFailed(),
            machine.metricTimedOut(),
            machine.metricAborted(),
          ]),
          graph('Jobs: milliseconds', [
            machine.metricTime({ statistic: 'p50' }),
            machine.metricTime({ statistic: 'p95' }),
            machine.metricTime({ statistic: 'p99' }),
          ]),
        ],
        [
          graph('Steps: seconds, p50', [steps('StepDuration', 'p50')]),
          graph('Steps: seconds, p99', [steps('StepDuration', 'p99')]),
        ],
        [
          graph('Steps: succeeded', [steps('StepSucceeded', 'Sum')]),
          graph('Steps: rejected', [steps('StepRejected', 'Sum')]),
          graph('Steps: failed', [steps('StepFailed', 'Sum')]),
        ],
      ],
    });
  }
}
