import type { z } from 'zod';
import type {
  Problem as ApiProblem,
  eventsSchema,
  jobSchema,
  jobsSchema,
  resultsSchema,
  validationSchema,
} from '#runtime/jobs-api/schemas';
import type { batchesSchema, batchSchema, refusalsSchema } from '#runtime/jobs-api/topics/batches';
import type { againSchema, doneAgainSchema } from '#runtime/jobs-api/topics/clone';
import type { logsSchema } from '#runtime/jobs-api/topics/logs';
import type { queueSchema } from '#runtime/jobs-api/topics/queue';
import type { sharedSchema, shareSchema } from '#runtime/jobs-api/topics/share';
import type { completedUploadSchema, partsSchema, uploadWaySchema } from '#runtime/jobs-api/topics/uploads';
import type { receiptSchema, usageSchema } from '#runtime/jobs-api/topics/usage';
import type { workloadSchema, workloadsSchema } from '#runtime/jobs-api/topics/workloads';

/** What the API answers with: only the types, derived from the schemas that it is checked with. */

export type Job = z.infer<typeof jobSchema>;
export type JobPage = z.infer<typeof jobsSchema>;
export type JobEvent = z.infer<typeof eventsSchema>['events'][number];
export type Events = z.infer<typeof eventsSchema>;
export type Results = z.infer<typeof resultsSchema>;
export type ResultFile = Results['files'][number];
export type Problem = ApiProblem;
export type Validation = z.infer<typeof validationSchema>;
export type Again = z.infer<typeof againSchema>;
export type DoneAgain = z.infer<typeof doneAgainSchema>;
export type Batch = z.infer<typeof batchSchema>;
export type BatchPage = z.infer<typeof batchesSchema>;
export type Refusals = z.infer<typeof refusalsSchema>;
export type LogPage = z.infer<typeof logsSchema>;
export type Queue = z.infer<typeof queueSchema>;
export type Share = z.infer<typeof shareSchema>;
export type Shared = z.infer<typeof sharedSchema>;
export type UploadWay = z.infer<typeof uploadWaySchema>;
export type UploadDone = z.infer<typeof completedUploadSchema>;
export type Parts = z.infer<typeof partsSchema>;
export type Receipt = z.infer<typeof receiptSchema>;
export type Usage = z.infer<typeof usageSchema>;
export type Workload = z.infer<typeof workloadSchema>;
export type Workloads = z.infer<typeof workloadsSchema>;
