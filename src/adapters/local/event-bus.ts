import type { JobChange, JobChanges } from '#core/notices';

export interface EventBus extends JobChanges {
  tell(change: JobChange): void;
}

type Listener = (change: JobChange) => void;

/** Changes of jobs, told within this process. Who listens to one job costs nothing while others change. */
export function openEventBus(): EventBus {
  const ofOne = new Map<string, Set<Listener>>();
  const ofAll = new Set<Listener>();

  return {
    tell(change) {
      for (const listener of [...(ofOne.get(change.jobId) ?? []), ...ofAll]) listener(change);
    },

    listen(jobId, listener) {
      if (jobId === undefined) {
        ofAll.add(listener);
        return () => ofAll.delete(listener);
      }
      const listeners = ofOne.get(jobId) ?? new Set();
      ofOne.set(jobId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) ofOne.delete(jobId);
      };
    },
  };
}
