import type { Answers } from './operation.ts';
import type { OPERATIONS } from './operations.ts';
import { type AboutPorts, aboutAnswers } from './topics/about.ts';
import { type DeadLetterPorts, deadLetterAnswers } from './topics/dead-letters.ts';
import { type JobPorts, jobAnswers } from './topics/jobs.ts';
import { type ResultPorts, resultAnswers } from './topics/results.ts';
import { type UploadPorts, uploadAnswers } from './topics/uploads.ts';
import { type WorkloadPorts, workloadAnswers } from './topics/workloads.ts';

/** What the API is made of. */
export type ApiPorts = JobPorts & ResultPorts & UploadPorts & DeadLetterPorts & WorkloadPorts & AboutPorts;

/** How each operation is answered. */
export function answersOf(ports: ApiPorts, openApi: () => Record<string, unknown>): Answers<typeof OPERATIONS> {
  return {
    ...jobAnswers(ports),
    ...resultAnswers(ports),
    ...uploadAnswers(ports),
    ...deadLetterAnswers(ports),
    ...workloadAnswers(ports),
    ...aboutAnswers(ports, openApi),
  };
}
