import { ModelError } from '#core/errors';
import type { ExecutionEnd } from '#core/job';
import { evenLimits } from '#core/leases';
import type { ExecutionRequest, ExecutionStatus, Executions } from '#core/ports';
import { openPlanner } from '#jobs/plan';
import { openRegistry } from '#jobs/registry';
import { openStateFolder } from '#runtime/environment';
import { aFolder } from './state-folder.ts';
import { toyWorkloads } from './toy/platform.ts';

/** Executions that do nothing: they run until a test says that they have ended. */
export interface Engine extends Pick<Executions, 'start' | 'stop' | 'status' | 'history'> {
  /** What was started, in order. */
  started: ExecutionRequest[];
  /** What a start fails with, if it shall. */
  fault?: Error | undefined;
  statuses: Map<string, ExecutionStatus>;
  end(name: string, end: ExecutionEnd): void;
}

export function anEngine(): Engine {
  const engine: Engine = {
    started: [],
    statuses: new Map(),
    end: (name, end) => engine.statuses.set(name, { ...end, endedAt: '2026-01-01T02:00:00.000Z' }),
    async start(request) {
      if (engine.fault) throw engine.fault;
      if (!engine.statuses.has(request.name)) {
        engine.started.push(request);
        engine.statuses.set(request.name, { status: 'RUNNING' });
      }
      return { execution: request.name };
    },
    async stop(execution) {
      return engine.statuses.has(execution);
    },
    status: async (execution) => engine.statuses.get(execution),
    history: async () => [],
  };
  return engine;
}

export interface LifeOptions {
  workloads?: Parameters<typeof openRegistry>[0];
  /** In every pool and for every team. */
  places?: number;
}

/** What the life of a toy job is made of, on local stores, with an engine that does nothing. */
export async function aLife({ workloads = toyWorkloads, places = 1000 }: LifeOptions = {}) {
  const stores = await openStateFolder(aFolder());
  const registry = openRegistry(workloads);
  return {
    ...stores,
    registry,
    executions: anEngine(),
    limits: evenLimits(places, 100_000),
    plan: openPlanner({ ...stores, registry, models: noDigests, reuse: false }),
  };
}

export const noDigests = {
  async digest(ref: string): Promise<string> {
    throw new ModelError(`The toy has no models, and ${ref} was asked for.`);
  },
};
