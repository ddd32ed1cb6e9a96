import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnStateMachineAlias, CfnStateMachineVersion, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

interface Release {
  machine: StateMachine;
  settings: Settings;
  workload: string;
}

/** Jobs are started under this name; which version of the machine that is, is decided here and can be taken back. */
export const ALIAS = 'live';

/**
 * A version of the machine as it is now, and the alias that moves to it: at once, or first for a share of the jobs.
 * Versions before it are kept, so there is a way back; executions keep the version that they began with.
 */
export function release(scope: Construct, { machine, settings, workload }: Release): CfnStateMachineAlias {
  const version = new CfnStateMachineVersion(scope, 'Version', {
    stateMachineArn: machine.stateMachineArn,
    // It changes with the definition, and a version whose revision changed is a new version.
    stateMachineRevisionId: machine.stateMachineRevisionId,
    description: `${workload} as deployed`,
  });
  version.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const { rollout } = settings;
  return new CfnStateMachineAlias(scope, 'Alias', {
    name: ALIAS,
    description: `What ${workload} jobs run`,
    deploymentPreference: {
      stateMachineVersionArn: version.attrArn,
      ...(rollout === 'all-at-once'
        ? { type: 'ALL_AT_ONCE' }
        : { type: 'CANARY', percentage: rollout.canaryPercent, interval: rollout.minutes }),
    },
  });
}
