import { type ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { eachSideBySide } from '#core/side-by-side';
import { answerOf, isNamed } from './service-errors.ts';

export interface RunningTask {
  taskArn: string;
  cluster: string;
}

/**
 * The ECS tasks that an execution has submitted and not seen end. Step Functions writes what RunTask answered into the
 * event TaskSubmitted; the event of the task's end comes right after it.
 * Source: docs.aws.amazon.com/step-functions/latest/apireference/API_TaskSubmittedEventDetails.html
 */
export function runningTasks(events: HistoryEvent[]): RunningTask[] {
  const ended = new Set(
    events.filter(({ type }) => ENDS.includes(type!)).map(({ previousEventId }) => previousEventId),
  );
  return events.flatMap(({ id, taskSubmittedEventDetails: details }) => {
    if (details?.resourceType !== 'ecs' || ended.has(id)) return [];
    const { Tasks = [] } = JSON.parse(details.output ?? '{}') as { Tasks?: { TaskArn: string; ClusterArn: string }[] };
    return Tasks.map(({ TaskArn, ClusterArn }) => ({ taskArn: TaskArn, cluster: ClusterArn }));
  });
}

const ENDS: string[] = ['TaskSucceeded', 'TaskFailed', 'TaskTimedOut'];

const AT_ONCE = 4;

/** Tells tasks to stop: they get SIGTERM, and SIGKILL after their stop time. One that is gone already is left alone. */
export async function stopTasks(ecs: ECSClient, tasks: RunningTask[]): Promise<void> {
  await eachSideBySide(tasks, AT_ONCE, async ({ taskArn: task, cluster }) => {
    const request = new StopTaskCommand({ task, cluster, reason: 'The job was cancelled.' });
    await answerOf(ecs.send(request)).catch((thrown) => {
      // ECS forgets a stopped task after an hour, and then does not know it.
      if (!isNamed(thrown, 'InvalidParameterException')) throw thrown;
    });
  });
}
