import { z } from 'zod';
import { listedAs } from '#core/operator-list';

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

// What children said and a key go there, so plain HTTP is for this machine alone.
const address = z.url().refine((url) => {
  const { protocol, hostname } = URL.parse(url) ?? {};
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname ?? ''));
}, 'must be https (http is for this machine alone)');

const graphqlSchema = z.strictObject({
  url: address,
  /** The environment variable that holds the API key. */
  apiKeyFrom: z.string().min(1),
  /** Takes `$activityId` and `$fieldValues`, the result's fields as JSON in a text. */
  mutation: z
    .string()
    .min(1)
    .default(
      'mutation UpdateActivity($activityId: ID!, $fieldValues: AWSJSON!) { updateActivity(activityId: $activityId, fieldValues: $fieldValues) { activityId } }',
    ),
  timeoutSeconds: z.number().positive().max(600).default(60),
  tries: z.int().min(1).max(10).default(3),
});

export type GraphqlConfig = z.infer<typeof graphqlSchema>;

/** The GraphQL endpoint of a name. @throws InputError for a name that the operator has not listed. */
export function graphqlNamed(name: string, variables?: Record<string, string | undefined>): Promise<GraphqlConfig> {
  return listedAs(name, { list: 'graphql', schema: graphqlSchema, described: 'the README of letter-asr' }, variables);
}
