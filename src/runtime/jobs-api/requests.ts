import type { Context } from 'hono';
import type { z } from 'zod';
import { InputError } from '#core/errors';
import type { Notify } from '#core/job';
import type { Records } from '#core/records';
import { inputNamed } from '#jobs/input-name';
import type { SubmitRequest } from '#jobs/submit';
import { uploadedInputs } from '#jobs/upload-input';
import { ApiProblem, refuseRequest } from './problems.ts';
import type { submissionSchema } from './schemas.ts';

/** Why webhooks may not go to an address; undefined when they may. */
export type ReceiverCheck = (url: string) => string | undefined;

/** Why a team may not name an input; undefined when it may. */
export type InputRule = (uri: string, team: string) => string | undefined;

interface Submitter {
  team: string;
  /** The request's Idempotency-Key. */
  key?: string;
  refuseInput?: InputRule | undefined;
  refuseReceiver?: ReceiverCheck | undefined;
}

/**
 * What is to be submitted for a team. @throws ApiProblem for another team than the credential's, InputError for an input
 * that the team may not name.
 */
export function submitRequestOf(
  { team: named, input, ...order }: z.infer<typeof submissionSchema>,
  { team, key, refuseInput, refuseReceiver }: Submitter,
): SubmitRequest {
  requireOwnTeam(named, team);
  requireReceiver(order.notify, refuseReceiver);
  const uris = typeof input === 'string' ? [input] : input;
  const problems = uris.flatMap((uri) => refuseInput?.(uri, team) ?? []);
  if (problems.length > 0) {
    throw new InputError(`The input can't be used:\n${problems.map((one) => `- ${one}`).join('\n')}`, {
      details: { problems },
    });
  }
  return { ...order, input: uris.map(inputNamed), team, key };
}

/** The same, with the addresses of their files in place of uploads' ids. @throws InputError for an upload that is not there. */
export async function withUploads<Order extends { input: string | string[] }>(
  order: Order,
  team: string,
  records: Pick<Records, 'get'>,
): Promise<Order> {
  const { input } = order;
  return { ...order, input: await uploadedInputs(typeof input === 'string' ? [input] : input, team, records) };
}

/** @throws InputError for a job's receiver that no webhook would be sent to. */
export function requireReceiver(notify: Notify | undefined, refuseReceiver?: ReceiverCheck): void {
  const refused = notify && refuseReceiver?.(notify.url);
  if (!refused) return;
  const problem = `notify.url: ${refused}`;
  throw new InputError(`Webhooks can't be sent there: ${refused}.`, { details: { problems: [problem] } });
}

/** @throws ApiProblem when a request names another team than the credential's. */
export function requireOwnTeam(named: string | undefined, team: string): void {
  if (named === undefined || named === team) return;
  const hint = 'Leave the team out, or use a credential of that team.';
  throw new ApiProblem(403, 'OtherTeam', `The credential belongs to ${team}, and the request names ${named}.`, hint);
}

/** @throws ApiProblem for what is not JSON, InputError that lists what does not fit the schema. */
export async function bodyOf<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await context.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (thrown) {
    const hint = 'Send a JSON object with Content-Type: application/json.';
    throw new ApiProblem(400, 'BadJson', `The body is not JSON: ${(thrown as Error).message}`, hint);
  }
  return parsed(schema.safeParse(body));
}

type Shape = Record<string, z.ZodType>;
type Values<S extends Shape> = { [Name in keyof S]: z.infer<S[Name]> };

export function queryOf<S extends Shape>({ req }: Context, shape: S): Values<S> {
  return valuesOf(shape, (name) => req.query(name));
}

export function headersOf<S extends Shape>({ req }: Context, shape: S): Values<S> {
  return valuesOf(shape, (name) => req.header(name));
}

function valuesOf<S extends Shape>(shape: S, textOf: (name: string) => string | undefined): Values<S> {
  const entries = Object.entries(shape).map(([name, schema]) => {
    const checked = schema.safeParse(textOf(name));
    if (checked.success) return [name, checked.data];
    return refuseRequest(checked.error.issues.map(({ message }) => ({ path: [name], message })));
  });
  return Object.fromEntries(entries) as Values<S>;
}

function parsed<T>(checked: z.ZodSafeParseResult<T>): T {
  return checked.success ? checked.data : refuseRequest(checked.error.issues);
}
