import type { z } from 'zod';
import type { AnyStep } from './step.ts';

export type Device = 'cpu' | 'gpu';

/** Where a step runs and how big. Only facts of deployment: what it does is in its own file. */
export type Placement =
  | { runs: 'lambda'; memoryMiB: number; timeoutSeconds: number }
  | {
      runs: 'container';
      image: 'media' | 'inference' | 'photogrammetry';
      devices: readonly Device[];
      vcpu: number;
      memoryMiB: number;
      diskGiB: number;
      runSeconds: number;
    };

export type Placed = Placement & { load: () => Promise<{ default: AnyStep }> };

export interface Workload<Params extends z.ZodType = z.ZodType> {
  /** Kebab case; begins every job id, names the folder and the state machine file. */
  name: string;
  version: string;
  title: string;
  description: string;
  params: Params;
  /** How many input files a job takes, and which file name endings are expected. */
  input: { min: number; max: number; endings: readonly string[] };
  /** In the order of the state machine. Each key is the step's name, its state and its metric dimension. */
  steps: Record<string, Placed>;
  /** What of the parameters must be known by the model's name and digest, as `name@version` references. */
  models?: (params: z.infer<Params>) => string[];
}

/** Declares a workload. */
export function defineWorkload<Params extends z.ZodType>(workload: Workload<Params>): Workload<Params> {
  return workload;
}
