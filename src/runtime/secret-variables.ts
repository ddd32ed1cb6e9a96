import { z } from 'zod';
import { ContractError } from '#core/errors';
import { SECRETS, type Variables } from './environment.ts';

const listSchema = z.record(z.string(), z.string().startsWith('arn:'));

/**
 * Puts each secret that a function was given the ARN of into the environment variable that waits for it. Tasks need none of
 * this: the ECS agent has done it before they start. A changed secret comes with the next process.
 * @throws ContractError for a list that is none.
 */
export async function takeSecrets(variables: Variables = process.env): Promise<void> {
  const listed = variables[SECRETS];
  if (!listed) return;
  const arns = listSchema.safeParse(parsed(listed));
  if (!arns.success) {
    throw new ContractError(
      `Expected ${SECRETS} to be ARNs by variable, as JSON; found ${z.prettifyError(arns.error)}.`,
    );
  }
  const { openAwsSecrets } = await import('./aws-platform.ts');
  const read = await openAwsSecrets();
  await Promise.all(
    Object.entries(arns.data).map(async ([variable, arn]) => {
      variables[variable] = await read(arn);
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
