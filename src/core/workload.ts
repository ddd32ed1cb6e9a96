import type { z } from 'zod';
import type { JobInput } from './job.ts';
import type { EndpointList } from './operator-list.ts';
import type { AnyStep, ByteSource, ModelSource } from './step.ts';
import type { WorkloadDefinition } from './workload-definition.ts';

export type Device = 'cpu' | 'gpu';

/** What a container gets. */
export interface Size {
  vcpu: number;
  memoryMiB: number;
}

/** Where a step runs and how big. Only facts of deployment: what it does is in its own file. */
export type Placement = { /** The operator's list of endpoints that it may call. */ callsEndpoints?: EndpointList } & (
  | {
      runs: 'lambda';
      memoryMiB: number;
      timeoutSeconds: number;
      /** Of a function that several workloads share: its name on AWS, which else follows from workload and step. */
      function?: string;
    }
  | {
      runs: 'container';
      image: 'media' | 'inference' | 'photogrammetry';
      devices: readonly Device[];
      vcpu: number;
      memoryMiB: number;
      diskGiB: number;
      runSeconds: number;
    }
);

/**
 * What a step's output depends on, beside its inputs, its code and the steps before it: stated here so that a content key
 * can be told without loading the step. A step that says nothing counts as reading everything.
 */
export interface StepReads {
  /** The part of the job's parameters that the step reads; the same schema as the step's own. */
  params?: z.ZodType;
  /**
   * The models that the step opens, as `name@version` or folders; undefined when it asks something that no digest stands for:
   * what it did then is never taken over by another job.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the parameters are the workload's own, which this list does not know.
  models?: (params: any) => string[] | undefined;
}

export type Placed = Placement & StepReads & { load: () => Promise<{ default: AnyStep }> };

/** What a step's code is, by step: its revision and the digest of what it was made of when that was recorded. */
export type Revisions = Record<string, { revision: number; sources: string }>;

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
  /** From `revisions.json`, which `npm run revisions` writes. Without it no step's verdict is taken over by another job. */
  revisions?: Revisions;
  /** Draws an input to try the workload on into a folder. */
  example?: () => Promise<{ drawExample: (folder: string) => Promise<JobInput[]> }>;
  /** Tells what a job would do, from the input's head alone, for a dry run. */
  preview?: () => Promise<{ preview: (request: PreviewRequest<z.infer<Params>>) => Promise<PreviewLine[]> }>;
  /** Makes the items of a batch of an order in words of the workload's own: of an export, say, and where recordings lie. */
  orders?: () => Promise<{ itemsOf: (order: unknown, ports: OrderPorts) => Promise<OrderedItems> }>;
  /** Of a workload that lives outside of this repository. */
  outside?: OutsideSource;
}

/** Where a workload from outside has its definition and its programs, and in what order its steps run. */
export interface OutsideSource {
  definition: WorkloadDefinition;
  /** The folder of workload.json; where no program of it is started, it need not be there. */
  folder: string;
  /** The state machine, with its placeholders; one for ours lies in a file named after the workload. */
  machine: object;
  /** The image that runs its steps, by digest. */
  image?: string;
}

export interface OrderPorts {
  /** A local copy of a file that the order names. */
  local(uri: string): Promise<string>;
  /** The addresses of all files whose address begins with `prefix`. */
  below(prefix: string): AsyncIterable<string>;
}

export interface OrderedItems {
  items: { input: string[]; params?: Record<string, unknown>; key?: string }[];
  /** What of the order became no item, and why. */
  notes: string[];
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

/** The models that a job with these parameters uses, each once. */
export function modelsOf({ steps }: Workload, params: unknown): string[] {
  return [...new Set(Object.values(steps).flatMap(({ models }) => models?.(params) ?? []))];
}

/** Declares a workload. */
export function defineWorkload<Params extends z.ZodType>(workload: Workload<Params>): Workload<Params> {
  return workload;
}
