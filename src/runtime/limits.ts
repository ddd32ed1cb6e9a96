import { z } from 'zod';
import { ContractError } from '#core/errors';
import { LIMITS, requireVariable, type Variables } from './environment.ts';

// The leases of a quota lie in one item, which has room for no more.
const MOST_PLACES = 2_000;

const limitsSchema = z.strictObject({
  cpu: z.int().min(0).max(MOST_PLACES),
  gpu: z.int().min(0).max(MOST_PLACES),
  /** Of one team, under way at once. */
  team: z.int().min(0).max(MOST_PLACES),
  /** Of one team, waiting. */
  queued: z.int().min(1),
});

export type StageLimits = z.infer<typeof limitsSchema>;

/** The limits that a stage's settings state. @throws ContractError when the environment has none that make sense. */
export function limitsFrom(variables: Variables): StageLimits {
  const text = requireVariable(variables, LIMITS);
  try {
    return limitsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ContractError(
      `${LIMITS} is ${JSON.stringify(text)}; expected JSON such as {"cpu":100,"gpu":4,"team":20,"queued":10000}.`,
      { cause },
    );
  }
}
