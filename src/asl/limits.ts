import { StateError } from './state-error.ts';

/** Largest input or output of a state, in bytes of UTF-8. Source: Step Functions service quotas. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** Largest `overrides` of RunTask, in characters of JSON. Source: Amazon ECS API reference, RunTask. */
export const MAX_OVERRIDES_CHARACTERS = 8192;

/** @throws StateError States.DataLimitExceeded, which nothing retries or catches, as on AWS. */
export function requirePayloadFits(payload: unknown, what: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(payload) ?? '');
  if (bytes <= MAX_PAYLOAD_BYTES) return;
  throw new StateError(
    'States.DataLimitExceeded',
    `The ${what} has ${bytes} bytes of JSON, and Step Functions carries at most ${MAX_PAYLOAD_BYTES}. Pass ids and counters, and leave the rest in an artifact.`,
    { terminal: true },
  );
}

/** @throws StateError ECS.InvalidParameterException, as RunTask answers. */
export function requireOverridesFit(overrides: unknown): void {
  const characters = (JSON.stringify(overrides) ?? '').length;
  if (characters <= MAX_OVERRIDES_CHARACTERS) return;
  throw new StateError(
    'ECS.InvalidParameterException',
    `The container overrides have ${characters} characters of JSON, and RunTask takes at most ${MAX_OVERRIDES_CHARACTERS}. Pass the job's id, and let the task read the rest.`,
  );
}
