import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskServices } from '#asl/integrations';
import { CapacityError } from '#core/errors';
import type { Chaos } from './switches.ts';

/** Draws from 0 up to 1. */
export type Random = () => number;

/** A port whose every call takes longer. */
export function slowed<Port extends object>(port: Port, { slowStoreMs }: Chaos): Port {
  if (slowStoreMs === 0) return port;
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name === 'symbol') return value;
      return async (...args: unknown[]) => {
        await sleep(slowStoreMs);
        return (await value.apply(target, args)) as unknown;
      };
    },
  });
}

/** Task services that find no machine now and then. */
export function shortOfMachines(
  services: TaskServices,
  { denyCapacity }: Chaos,
  random: Random = Math.random,
): TaskServices {
  return {
    ...services,
    async runTask(call, signal, started) {
      if (random() < denyCapacity) throw new CapacityError('No machine is free, by the switch deny-capacity.');
      return await services.runTask(call, signal, started);
    },
  };
}

/** Tells an end not at all, once or twice. A sweep or a reconciler has to find out about the first. */
export async function deliver<T>(
  tell: () => Promise<T>,
  { dropEvents, doubleEvents }: Chaos,
  random: Random = Math.random,
): Promise<T | undefined> {
  if (random() < dropEvents) return undefined;
  const told = await tell();
  if (random() < doubleEvents) await tell();
  return told;
}

export interface DoomedTask {
  /** Called when the task begins. */
  begin(): void;
  /** Called with how far the step is. */
  reached(percent: number): void;
}

export interface Fates {
  exit: (code: number) => void;
  kill: () => void;
}

const OWN_PROCESS: Fates = {
  exit: (code) => process.exit(code),
  kill: () => process.kill(process.pid, 'SIGKILL'),
};

/** What befalls a task: drawn once, when it begins. */
export function fateOf({ kill, exit }: Chaos, random: Random = Math.random, fates: Fates = OWN_PROCESS): DoomedTask {
  const exits = exit && random() < exit.share ? exit.code : undefined;
  let dies = kill !== undefined && random() < kill.share;
  return {
    begin() {
      if (exits !== undefined) fates.exit(exits);
    },
    reached(percent) {
      if (!dies || percent < kill!.percent) return;
      dies = false;
      fates.kill();
    },
  };
}
