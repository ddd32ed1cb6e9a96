import type { ChildEnd } from '#adapters/local/children';
import { REFUSAL_EXITS } from '#core/container-contract';
import { InputError, MediaError, TransientError } from '#core/errors';

/**
 * What a program's end means: 0 is done, 64 and 65 refuse the input for good, anything else may go better next time.
 * `lastWords` is its last line on stderr.
 */
export function requireDone({ exitCode, killedBy }: ChildEnd, step: string, lastWords: string | undefined): void {
  if (exitCode === 0) return;
  const reason = lastWords ?? `${step} gave no reason: it ended with exit code ${exitCode} and nothing on stderr.`;
  if (exitCode === REFUSAL_EXITS.usage) throw new InputError(reason);
  if (exitCode === REFUSAL_EXITS.media) throw new MediaError(reason);
  const how = killedBy ? `was killed by ${killedBy}` : `ended with exit code ${exitCode}`;
  throw new TransientError(
    `The program of ${step} ${how}${lastWords === undefined ? '' : `; its last line on stderr: ${lastWords}`}`,
    { details: killedBy ? { killedBy } : { exitCode } },
  );
}
