import { z } from 'zod';

const LOOPBACK = ['127.0.0.1', '[::1]'];

const calling = {
  /** Stands in each result that this endpoint gave. */
  name: z.string().min(1).default('remote'),
  /** The environment variable that holds a bearer token. */
  tokenFrom: z.string().min(1).optional(),
  connectSeconds: z.number().positive().max(60).default(5),
  /** For one try, from the connection to the end of the answer. */
  callSeconds: z.number().positive().max(600).default(10),
  /** Further tries after a call that failed in a way that passes. */
  retries: z.int().min(0).max(10).default(2),
  /** What the server's model calls its tensors, where that is not what model.json says. */
  input: z.string().min(1).optional(),
  logits: z.string().min(1).optional(),
  batchUtterances: z.int().min(1).max(128).default(16),
  breaker: z
    .strictObject({
      failures: z.int().min(1).max(100).default(5),
      restSeconds: z.number().positive().max(3600).default(30),
    })
    .prefault({}),
};

/** Voices of children and a token go there, so it is https, without a name or a password in the address. */
const https = z
  .url()
  .refine(isSafe, 'must be https, without a user or a query')
  .refine(isModel, 'must end in /v2/models/<name>');
const httpHere = z
  .url()
  .refine((url) => isSafe(url) || isHere(url), 'must be https, or http on 127.0.0.1')
  .refine(isModel, 'must end in /v2/models/<name>');

/** A model on a server that speaks the Open Inference Protocol (KServe v2, Triton); `url` ends in `/v2/models/<name>`. */
export const speechEndpointSchema = z.strictObject({ url: https, ...calling });

/** The same, and plain http on this machine: for a server beside us, such as one under test. */
export const loopbackSpeechEndpointSchema = z.strictObject({ url: httpHere, ...calling });

export type SpeechEndpoint = z.infer<typeof speechEndpointSchema>;

// zod goes on to these with what is no address at all, so they must not expect one.
function isSafe(url: string): boolean {
  const address = URL.parse(url);
  const isBare = address?.username === '' && address.password === '' && address.search === '';
  return address?.protocol === 'https:' && isBare;
}

function isHere(url: string): boolean {
  const address = URL.parse(url);
  return address?.protocol === 'http:' && LOOPBACK.includes(address.hostname);
}

function isModel(url: string): boolean {
  return /\/v2\/models\/[^/]+(\/versions\/[^/]+)?$/.test(URL.parse(url)?.pathname ?? '');
}
