import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Workload } from '#core/workload';
import type { ImageLock } from './constructs/images.ts';
import { readPlatform } from './constructs/platform-parameters.ts';
import { StateMachine } from './constructs/state-machine.ts';
import { StepFunctions } from './constructs/step-functions.ts';
import { StepTasks } from './constructs/step-tasks.ts';
import { WorkloadAlarms } from './constructs/workload-alarms.ts';
import { WorkloadDashboard } from './constructs/workload-dashboard.ts';
import { WorkloadMetrics } from './constructs/workload-metrics.ts';
import type { Settings, Stage } from './settings.ts';

export interface WorkloadStackProps extends StackProps {
  stage: Stage;
  settings: Settings;
  images: ImageLock;
  workload: Workload;
  /** Where the state machine files lie. */
  machines?: string;
}

/** One workload: its functions, its task definitions and the state machine that joins them. */
export class WorkloadStack extends Stack {
  constructor(scope: Construct, id: string, props: WorkloadStackProps) {
    const { stage, settings, images, workload, machines, ...rest } = props;
    super(scope, id, { ...rest, description: `Stepreel ${stage}: the workload ${workload.name}. ${workload.title}.` });

    const platform = readPlatform(this, stage);
    const functions = new StepFunctions(this, 'Functions', { stage, settings, workload });
    const tasks = new StepTasks(this, 'Tasks', { stage, settings, workload, images });
    const machine = new StateMachine(this, 'StateMachine', {
      stage,
      settings,
      workload,
      platform,
      functions,
      tasks,
      ...(machines === undefined ? {} : { machines }),
    });
    const metrics = new WorkloadMetrics(this, 'Metrics', {
      stage,
      workload: workload.name,
      executionLogs: machine.logGroup,
      stepLogs: {
        Tasks: tasks.logGroup,
        ...Object.fromEntries(Array.from(functions.byStep, ([step, { logGroup }]) => [step, logGroup])),
      },
    });
    new WorkloadAlarms(this, 'Alarms', { stage, settings, workload, platform, machine, functions, tasks, metrics });
    new WorkloadDashboard(this, 'Dashboard', { stage, workload, machine });
  }
}
