import { z } from 'zod';
import type { JobStore } from '#core/ports';

/**
 * What EventBridge says when a task of ECS changes, as far as it is read. Source:
 * docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export const taskChangeEventSchema = z.object({
  source: z.literal('aws.ecs'),
  'detail-type': z.literal('ECS Task State Change'),
  time: z.string(),
  detail: z.object({
    taskArn: z.string(),
    lastStatus: z.string(),
    /** When the task was asked for. */
    createdAt: z.string().optional(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    version: z.number().optional(),
    containers: z.array(z.object({ exitCode: z.number().optional() })).default([]),
    overrides: z.object({
      containerOverrides: z.array(
        z.object({ environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]) }),
      ),
    }),
  }),
});

export type TaskChangeEvent = z.infer<typeof taskChangeEventSchema>;

/**
 * Shows in a running job why its step has not begun: its task waits for a machine, for its image, or got no room. It is
 * written as the step's progress at nothing done, so that it never hides what a sibling shard has done, and the step's own
 * first report takes its place. Tasks that are none of ours, and states that say nothing about waiting, change nothing.
 */
export async function noteWaiting({ detail, time }: TaskChangeEvent, jobs: Pick<JobStore, 'progress'>): Promise<void> {
  const variables = new Map(
    detail.overrides.containerOverrides.flatMap(({ environment }) =>
      environment.map(({ name, value }) => [name, value] as const),
    ),
  );
  const jobId = variables.get('STEPREEL_JOB_ID');
  const execution = variables.get('STEPREEL_EXECUTION');
  const step = variables.get('STEPREEL_STEP');
  const reason = reasonToWait(detail);
  if (!jobId || !execution || !step || !reason) return;
  const waiting = { reason, since: detail.createdAt ?? time };
  await jobs.progress(jobId, execution, { step, percent: 0, done: 0, total: 0, waiting });
}

function reasonToWait({ lastStatus, stopCode, stoppedReason }: TaskChangeEvent['detail']): string | undefined {
  if (lastStatus === 'STOPPED') {
    if (stopCode !== 'TaskFailedToStart') return undefined;
    return `The task could not be placed and will be tried again: ${stoppedReason ?? 'no reason was given'}`;
  }
  return WAITS[lastStatus];
}

const WAITS: Record<string, string> = {
  PROVISIONING: 'Waiting for a machine; one with a GPU may take up to half an hour to come up from none.',
  PENDING: 'A machine is there; the image is being fetched and started.',
};
