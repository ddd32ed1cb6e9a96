import { ERROR_NAMES, REFUSALS } from '#core/errors';
import { RETRY_CONTAINER, RETRY_LAMBDA } from '#core/retry-policy';
import type { Workload } from '#core/workload';
import type { Catcher, PlacedState } from './definition.ts';
import { TIMEOUT } from './state-error.ts';
import { runsAsTwins, stepOfState } from './steps-of.ts';

const REJECTED = 'JobRejected';

/** Every name that ErrorEquals may have; the service errors are those of the retry policy. */
const KNOWN_ERRORS = new Set<string>([
  ...ERROR_NAMES,
  ...[...RETRY_LAMBDA, ...RETRY_CONTAINER].flatMap(({ ErrorEquals }) => ErrorEquals),
  TIMEOUT,
]);

/**
 * Catches are for refusals, into JobRejected, and for a GPU that did not come, into the CPU twin. Everything else fails
 * the execution where it arose, so that a redrive can begin there.
 */
export function catchProblems({ name, state }: PlacedState, workload: Workload): string[] {
  if (state.Type !== 'Task' && state.Type !== 'Map') return [];
  const { Catch = [], Retry = [] } = state;
  const found = stepOfState(name, workload);
  const names = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
  return [
    ...names
      .filter((error) => !KNOWN_ERRORS.has(error))
      .map((error) => `${name} names an error ${error} that nothing raises.`),
    ...Catch.flatMap((catcher) => catcherProblems(name, catcher)),
    ...(found?.placement.runs === 'lambda' && !Catch.some(isRefusalCatcher)
      ? [`${name} must catch ${REFUSALS.join(', ')} into ${REJECTED}.`]
      : []),
    ...(found &&
    found.device === 'gpu' &&
    runsAsTwins(found.placement) &&
    !Catch.some(({ Next }) => Next === `${name}OnCpu`)
      ? [`${name} must catch a missing GPU into ${name}OnCpu.`]
      : []),
  ];
}

function catcherProblems(name: string, catcher: Catcher): string[] {
  const { Next, ResultPath } = catcher;
  if (Next === REJECTED) {
    return [
      ...(isRefusalCatcher(catcher) ? [] : [`${name} sends to ${REJECTED} what is not exactly the refusals.`]),
      ...(ResultPath === '$.rejected' ? [] : [`${name} must keep a refusal at ResultPath $.rejected.`]),
    ];
  }
  return [
    ...(Next === `${name}OnCpu`
      ? []
      : [`${name} catches into ${Next}; only ${REJECTED} and the CPU twin may follow a Catch.`]),
    ...(ResultPath === null ? [] : [`${name} must drop what it catches into ${Next}: ResultPath null.`]),
  ];
}

function isRefusalCatcher({ ErrorEquals, Next }: Catcher): boolean {
  return Next === REJECTED && [...ErrorEquals].sort().join() === [...REFUSALS].sort().join();
}
