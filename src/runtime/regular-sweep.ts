import { ContractError } from '#core/errors';
import type { Swept } from '#jobs/sweep';

export interface RegularSweepOptions {
  sweep: () => Promise<Swept>;
  everyMs: number;
  onFault: (thrown: unknown) => void;
}

/**
 * Sweeps again and again, one sweep at a time. What keeps a job from being started is told once, however often it is tried.
 * @returns what ends it, and waits for the sweep that is under way.
 */
export function sweepRegularly({ sweep, everyMs, onFault }: RegularSweepOptions): () => Promise<void> {
  let told = new Set<string>();
  let sweeping: Promise<unknown> = Promise.resolve();
  let isOver = false;

  const sweepOnce = async () => {
    const { failed } = await sweep();
    const found = failed.map(({ jobId, name, message }) => `${jobId}: ${name}, ${message}`);
    for (const text of found) if (!told.has(text)) onFault(new ContractError(text));
    told = new Set(found);
  };

  const next = () => {
    sweeping = sweepOnce()
      .catch(onFault)
      .then(() => {
        if (!isOver) timer = setTimeout(next, everyMs);
      });
  };
  let timer = setTimeout(next, everyMs);

  return async () => {
    isOver = true;
    clearTimeout(timer);
    await sweeping;
  };
}
