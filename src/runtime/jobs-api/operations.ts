import type { Operations } from './operation.ts';
import { ABOUT } from './topics/about.ts';
import { DEAD_LETTERS } from './topics/dead-letters.ts';
import { JOBS } from './topics/jobs.ts';
import { RESULTS } from './topics/results.ts';
import { UPLOADS } from './topics/uploads.ts';
import { WORKLOADS } from './topics/workloads.ts';

/** Every operation of the API, once: the router and the OpenAPI document both read it. */
export const OPERATIONS = {
  ...JOBS,
  ...RESULTS,
  ...UPLOADS,
  ...DEAD_LETTERS,
  ...WORKLOADS,
  ...ABOUT,
} satisfies Operations;

export type OperationId = keyof typeof OPERATIONS;
