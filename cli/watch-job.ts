import { isSettled } from '#core/job';
import type { ApiClient } from './api-client.ts';
import { followJob } from './follow-job.ts';
import { describeProgress, endAsRemoteJob, type RemoteJob } from './remote-job.ts';

/**
 * Shows how a job goes until it has ended, and ends the command as the job ended.
 * @throws the job's error; ApiRefusal when the API does not answer any more.
 */
export async function watchJob(api: ApiClient, id: string, json: boolean): Promise<void> {
  const view = json ? jsonView() : await viewForPeople();
  try {
    for await (const job of followJob(api, id)) {
      view.show(job);
      if (!isSettled(job.status)) continue;
      view.close();
      return endAsRemoteJob(job);
    }
  } finally {
    view.close();
  }
}

interface View {
  show(job: RemoteJob): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

/** The job, each time that it is not what it was. */
function jsonView(): View {
  let last = '';
  return {
    show(job) {
      const line = `${JSON.stringify({ event: 'job', ...job })}\n`;
      if (line !== last) process.stdout.write(line);
      last = line;
    },
    close() {},
  };
}

/** A line that changes in a terminal; elsewhere a line for each change of state or step, and each tenth of a step. */
async function viewForPeople(): Promise<View> {
  const screen =
    process.stderr.isTTY && process.env.TERM !== 'dumb'
      ? (await import('log-update')).createLogUpdate(process.stderr)
      : undefined;
  let last = '';
  return {
    show(job) {
      if (screen) return screen(describe(job));
      const { status, progress } = job;
      const place = `${status} ${progress?.step} ${Math.floor((progress?.percent ?? 0) / 10)} ${job.waiting?.reason}`;
      if (place !== last) process.stderr.write(`${describe(job)}\n`);
      last = place;
    },
    close: () => screen?.done(),
  };
}

function describe({ id, status, progress, waiting, error }: RemoteJob): string {
  if (isSettled(status)) return `${id}: ${status}${error?.explanation ? ` (${error.explanation.kind})` : ''}`;
  if (waiting) return `${id}: ${status}, waits for ${waiting.reason}`;
  return progress ? `${id}: ${describeProgress(progress)}` : `${id}: ${status}`;
}
