import type { z } from 'zod';
import type { JobInput } from './job.ts';
import type { AnyStep, ByteSource, ModelSource } from './step.ts';

export type Device = 'cpu' | 'gpu';

/** What a container gets. */
export interface Size {
  vcpu: number;
  memoryMiB: number;
}

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
  /** The models that a job with these parameters uses, as `name@version` or folders. */
  models?: (params: z.infer<Params>) => string[];
  /** Draws an input to try the workload on into a folder. */
  example?: () => Promise<{ drawExample: (folder: string) => Promise<JobInput[]> }>;
  /** Tells what a job would do, from the input's head alone, for a dry run. */
  preview?: () => Promise<{ preview: (request: PreviewRequest<z.infer<Params>>) => Promise<PreviewLine[]> }>;
}

export interface PreviewRequest<Params> {
  input: JobInput[];
  params: Params;
  open: (input: JobInput) => Promise<ByteSource>;
  models: ModelSource;
}

/** One fact of a preview: "frames to decode", 3000. */
export interface PreviewLine {
  what: string;
  value: string | number;
}

/** Declares a workload. */
export function defineWorkload<Params extends z.ZodType>(workload: Workload<Params>): Workload<Params> {
  return workload;
}
