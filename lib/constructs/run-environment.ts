import type { Construct } from 'constructs';
import { SETTINGS, type Stage } from '../settings.ts';
import { namesOf } from './names.ts';

/** The environment variables by which `src/runtime/environment.ts` finds the platform, but for the scratch folder. */
export function runEnvironment(scope: Construct, stage: Stage): Record<string, string> {
  const names = namesOf(scope, stage);
  const { chaos } = SETTINGS[stage];
  return {
    STEPREEL_STAGE: stage,
    STEPREEL_JOBS_TABLE: names.table('jobs'),
    STEPREEL_IDEMPOTENCY_TABLE: names.table('idempotency'),
    STEPREEL_TEAMS_TABLE: names.table('teams'),
    STEPREEL_WORK_BUCKET: names.bucket('work'),
    STEPREEL_RESULTS_BUCKET: names.bucket('results'),
    STEPREEL_UPLOADS_BUCKET: names.bucket('uploads'),
    STEPREEL_MODELS_BUCKET: names.bucket('models'),
    STEPREEL_EVENT_BUS: names.eventBus,
    STEPREEL_LOG_GROUPS: names.logGroup(''),
    STEPREEL_STATE_MACHINES: names.stateMachinePrefix,
    POWERTOOLS_SERVICE_NAME: 'stepreel',
    ...(chaos === undefined ? {} : { STEPREEL_CHAOS: chaos }),
  };
}

export const TASK_SCRATCH = '/scratch';
export const FUNCTION_SCRATCH = '/tmp';
