import { Construct } from 'constructs';
import { kebabCase } from '#core/names';
import type { Workload } from '#core/workload';
import type { Settings, Stage } from '../settings.ts';
import { BundledFunction } from './bundled-function.ts';
import { functionAccess } from './endpoint-access.ts';
import { namesOf } from './names.ts';
import { noticeGrant, workloadGrants } from './permissions.ts';
import { FUNCTION_SCRATCH, runEnvironment } from './run-environment.ts';

/** A function for each step that a workload runs on Lambda, under the step's name. */
export class StepFunctions extends Construct {
  readonly byStep = new Map<string, BundledFunction>();

  constructor(scope: Construct, id: string, props: { stage: Stage; settings: Settings; workload: Workload }) {
    super(scope, id);
    const { stage, settings, workload } = props;
    const names = namesOf(this, stage);
    const grants = [...workloadGrants(names, settings, workload.name), noticeGrant(names)];
    for (const [step, placement] of Object.entries(workload.steps)) {
      if (placement.runs !== 'lambda') continue;
      const file = kebabCase(step);
      const access = placement.callsEndpoints ? functionAccess(placement.callsEndpoints, settings) : undefined;
      const made = new BundledFunction(this, step, {
        stage,
        settings,
        door: `lambdas/${workload.name}/${file}.ts`,
        name: `${workload.name}-${file}`,
        description: `The step ${step} of ${workload.name}.`,
        memoryMiB: placement.memoryMiB,
        timeoutSeconds: placement.timeoutSeconds,
        environment: { ...runEnvironment(this, stage), STEPREEL_SCRATCH: FUNCTION_SCRATCH, ...access?.environment },
        grants: [...grants, ...(access?.grants ?? [])],
      });
      this.byStep.set(step, made);
    }
  }
}
