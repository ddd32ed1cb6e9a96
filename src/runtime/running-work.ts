import type { Executions, JobStore } from '#core/ports';

/** Knows which executions run in this process, whoever starts them. `onFault` hears of ends that could not be recorded. */
export function runningWork(executions: Executions, onFault: (thrown: unknown) => void) {
  const running = new Map<string, { jobId: string; ended: Promise<unknown> }>();

  const start: Executions['start'] = async (request) => {
    const started = await executions.start(request);
    const { name, jobId } = request;
    const ended = executions.ended(name).catch(onFault);
    running.set(name, { jobId, ended: ended.then(() => running.delete(name)) });
    return started;
  };

  return {
    executions: { ...executions, start } satisfies Executions,
    /** Cancels everything that runs, and waits until it has ended. */
    async cancelAll(jobs: Pick<JobStore, 'transition'>): Promise<void> {
      // What was being started meanwhile comes to light in the next round.
      while (running.size > 0) {
        const stopped = Array.from(running, async ([name, { jobId, ended }]) => {
          await jobs.transition(jobId, 'CANCELING', {}, name);
          await executions.stop(name);
          await ended;
        });
        await Promise.all(stopped);
      }
    },
  };
}
