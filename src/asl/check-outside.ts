import { canonicalJson } from '#core/names';
import type { Workload } from '#core/workload';
import type { PlacedState } from './definition.ts';
import { taskParameters } from './standard-machine.ts';
import { stepOfState } from './steps-of.ts';

interface Asked {
  Overrides?: { ContainerOverrides?: { Environment?: unknown }[] };
}

/**
 * A machine that somebody else wrote orders its steps, and nothing else: which role, network or command a task gets is the
 * platform's. So a container state's Parameters are the standard machine's, and no state acts under another role.
 */
export function foreignProblems({ name, state }: PlacedState, workload: Workload): string[] {
  if (state.Type !== 'Task') return [];
  const role = 'Credentials' in state ? [`${name} has Credentials; the platform says what a state may do.`] : [];
  const found = stepOfState(name, workload);
  if (found?.placement.runs !== 'container') return role;
  const asked = (state.Parameters ?? {}) as Asked;
  const environment = asked.Overrides?.ContainerOverrides?.[0]?.Environment;
  const expected = taskParameters(name, found.step, found.device, environment);
  return canonicalJson(asked) === canonicalJson(expected)
    ? role
    : [...role, `${name} must have the Parameters of a standard machine: ${JSON.stringify(expected)}.`];
}
