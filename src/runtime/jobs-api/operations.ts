import type { Operations } from './operation.ts';
import { ABOUT } from './topics/about.ts';
import { BATCHES } from './topics/batches.ts';
import { CLONE } from './topics/clone.ts';
import { DEAD_LETTERS } from './topics/dead-letters.ts';
import { JOBS } from './topics/jobs.ts';
import { LEGACY } from './topics/legacy.ts';
import { LOGS } from './topics/logs.ts';
import { QUEUE } from './topics/queue.ts';
import { REGISTRATION } from './topics/registration.ts';
import { RESULTS } from './topics/results.ts';
import { SHARE } from './topics/share.ts';
import { STREAM } from './topics/stream.ts';
import { UPLOADS } from './topics/uploads.ts';
import { USAGE } from './topics/usage.ts';
import { WEBHOOKS } from './topics/webhooks.ts';
import { WORKLOADS } from './topics/workloads.ts';

/** Every operation of the API, once: the router and the OpenAPI document both read it. */
export const OPERATIONS = {
  ...JOBS,
  ...CLONE,
  ...RESULTS,
  ...STREAM,
  ...LOGS,
  ...WEBHOOKS,
  ...SHARE,
  ...UPLOADS,
  ...BATCHES,
  ...QUEUE,
  ...DEAD_LETTERS,
  ...WORKLOADS,
  ...REGISTRATION,
  ...USAGE,
  ...ABOUT,
  // Last: it adds the old words to some of those above.
  ...LEGACY,
} satisfies Operations;

export type OperationId = keyof typeof OPERATIONS;
