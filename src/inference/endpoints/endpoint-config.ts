import { z } from 'zod';
import { listedAs } from '#core/operator-list';
import { detectorSchema } from '../models.ts';

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Pictures of strangers and a token go there, so plain HTTP is for this machine alone. */
const address = z.url().refine((url) => {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}, 'must be https (http is for this machine alone)');

const limits = {
  timeoutSeconds: z.number().positive().max(600).default(30),
  /** Calls at the same time. */
  concurrency: z.int().min(1).max(64).default(4),
  /** Further tries after a call that failed in a way that passes. */
  retries: z.int().min(0).max(10).default(3),
};

const calling = {
  /** Is asked before the first picture; anything but 200 means that the endpoint is not in service. */
  health: address.optional(),
  /** The environment variable that holds a bearer token. */
  tokenFrom: z.string().min(1).optional(),
  ...limits,
};

const endpointSchema = z.discriminatedUnion('protocol', [
  z.strictObject({
    /** `{"image": base64}` is answered by `{"predictions": [{class_name, confidence, bbox: {x1, y1, x2, y2}}]}`. */
    protocol: z.literal('predictions'),
    url: address,
    classes: z.array(z.string().min(1)).min(1),
    ...calling,
  }),
  z.strictObject({
    /** The Open Inference Protocol (KServe v2); `url` ends in `/v2/models/<name>`. */
    protocol: z.literal('kserve-v2'),
    url: address,
    /** What model.json says, but for the weights. */
    model: detectorSchema.pick({ input: true, output: true, classes: true }),
    ...calling,
  }),
  z.strictObject({
    /** The same as `predictions`, by an endpoint of SageMaker: asked whether it is in service, and called with AWS credentials. */
    protocol: z.literal('sagemaker'),
    endpoint: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    /** Where SageMaker answers instead of at its public addresses; no path. */
    address: address.transform((url) => url.replace(/\/$/, '')).optional(),
    classes: z.array(z.string().min(1)).min(1),
    ...limits,
  }),
]);

export type EndpointConfig = z.infer<typeof endpointSchema>;

/**
 * The endpoint of a name, as the operator has listed it: a job names an endpoint, never an address.
 * @throws InputError for a name that is not listed, ToolError for a list that can't be read.
 */
export async function endpointNamed(
  name: string,
  variables: Record<string, string | undefined> = process.env,
): Promise<EndpointConfig> {
  return await listedAs(name, { list: 'detectors', schema: endpointSchema, described: 'docs/endpoints.md' }, variables);
}
