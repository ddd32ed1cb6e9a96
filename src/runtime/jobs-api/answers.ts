import type { ClonePorts } from '#jobs/clone';
import type { OpenApiDocument } from './openapi.ts';
import type { Answers } from './operation.ts';
import type { OPERATIONS } from './operations.ts';
import { type AboutPorts, aboutAnswers } from './topics/about.ts';
import { type BatchApiPorts, batchAnswers } from './topics/batches.ts';
import { cloneAnswers } from './topics/clone.ts';
import { type DeadLetterPorts, deadLetterAnswers } from './topics/dead-letters.ts';
import { type JobPorts, jobAnswers } from './topics/jobs.ts';
import { type AskApi, type LegacyPorts, legacyAnswers } from './topics/legacy.ts';
import { type LogPorts, logAnswers } from './topics/logs.ts';
import { type QueueApiPorts, queueAnswers } from './topics/queue.ts';
import { type RegistrationPorts, registrationAnswers } from './topics/registration.ts';
import { type ResultPorts, resultAnswers } from './topics/results.ts';
import { type SharePorts, shareAnswers } from './topics/share.ts';
import { type StreamPorts, streamAnswers } from './topics/stream.ts';
import { type UploadApiPorts, uploadAnswers } from './topics/uploads.ts';
import { type UsagePorts, usageAnswers } from './topics/usage.ts';
import { type WebhookPorts, webhookAnswers } from './topics/webhooks.ts';
import { type WorkloadPorts, workloadAnswers } from './topics/workloads.ts';

/** What the API is made of. */
export type ApiPorts = JobPorts &
  ClonePorts &
  StreamPorts &
  LogPorts &
  WebhookPorts &
  SharePorts &
  ResultPorts &
  UploadApiPorts &
  BatchApiPorts &
  QueueApiPorts &
  DeadLetterPorts &
  WorkloadPorts &
  RegistrationPorts &
  UsagePorts &
  AboutPorts &
  LegacyPorts;

/** How each operation is answered. */
export function answersOf(ports: ApiPorts, openApi: () => OpenApiDocument, ask: AskApi): Answers<typeof OPERATIONS> {
  return {
    ...jobAnswers(ports),
    ...cloneAnswers(ports),
    ...resultAnswers(ports),
    ...streamAnswers(ports),
    ...logAnswers(ports),
    ...webhookAnswers(ports),
    ...shareAnswers(ports),
    ...uploadAnswers(ports),
    ...batchAnswers(ports),
    ...queueAnswers(ports),
    ...deadLetterAnswers(ports),
    ...workloadAnswers(ports),
    ...registrationAnswers(ports),
    ...usageAnswers(ports),
    ...aboutAnswers(ports, openApi),
    ...legacyAnswers(ports, jobAnswers(ports), ask),
  };
}
