import type { z } from 'zod';
import type { Artifact } from './artifact.ts';
import type { JobInput } from './job.ts';
import type { Device } from './workload.ts';

/** What a step is given, beside its parameters. */
export interface StepContext<Params, Needs extends StepNeeds> {
  /** `reused` names the steps whose verdicts were taken over from another job. */
  job: { id: string; workload: string; input: JobInput[]; reused: readonly string[] };
  params: Params;
  /** What the step was placed on; a step that can use a GPU asserts it, or fails. */
  device: Device;
  /** What it was meant for: on a CPU where a GPU was planned, the result is degraded and says so. */
  plannedDevice: Device;
  /** Which part of a fanned-out step this is; undefined in a step that runs once. */
  shard?: number;
  /** Which try this is, from 1. */
  attempt: number;
  /** The validated output of an earlier step and the files it left. @throws the refusal if that step refused. */
  outputOf<Name extends keyof Needs & string>(step: Name): Promise<StepResult<z.infer<Needs[Name]>>>;
  /** The same for a step that ran as shards 0 to `count` - 1, in that order. */
  outputsOf<Name extends keyof Needs & string>(step: Name, count: number): Promise<StepResult<z.infer<Needs[Name]>>[]>;
  artifacts: StepArtifacts;
  models: ModelSource;
  /** Tells how far the step is; called as often as is convenient, throttled by the runtime. */
  progress(done: number, total: number): void;
  /** Tells the operator a figure of how the work goes. It is in no result: what is measured differs from run to run. */
  measure: Measure;
  logger: Logger;
  /** Aborts when the step must stop: cancel, time limit, Spot notice. */
  signal: AbortSignal;
  /** A folder of this attempt's own, empty at start and removed after. */
  scratch: string;
}

/** A figure under a name in PascalCase; told as often as is convenient. On AWS it becomes a metric, at home it goes nowhere. */
export type Measure = (name: string, value: number, unit?: MeasureUnit) => void;

export type MeasureUnit = 'Count' | 'Milliseconds' | 'Percent' | 'Bytes';

/** The earlier steps whose output a step reads, each with the schema it is checked against. */
export type StepNeeds = Record<string, z.ZodType>;

export interface StepResult<Output> {
  output: Output;
  artifacts: Artifact[];
}

/** Files in and out of a step. A file that is put is visible under its key only when it is whole. */
export interface StepArtifacts {
  /** A local path for an input or artifact, fetched if it lies elsewhere; checked against free disk before. */
  local(source: Artifact | JobInput): Promise<string>;
  /** Byte access to an input without fetching it whole. */
  open(source: JobInput): Promise<ByteSource>;
  read(artifact: Artifact): Promise<Uint8Array>;
  /** SHA-256 and size of a local file. */
  digest(path: string): Promise<{ sha256: string; bytes: number }>;
  /** Takes over a finished file of the scratch folder as `name`; `result` is its path in the job's result. */
  putFile(name: string, path: string, options?: PutOptions): Promise<Artifact>;
  putBytes(name: string, bytes: Uint8Array | string, options?: PutOptions): Promise<Artifact>;
}

export interface PutOptions {
  mediaType?: string;
  result?: string;
}

/** Random access to bytes that lie in a file or an object. */
export interface ByteSource {
  /** Size in bytes. */
  size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Where models come from. `ref` is `name@version` or a folder. The digest has been checked when the paths come back. */
export interface ModelSource {
  fetch(ref: string): Promise<ModelFiles>;
}

export interface ModelFiles {
  name: string;
  version: string;
  /** Local path of the folder that holds model.json and the files it names. */
  folder: string;
  sha256: string;
}

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface Step<Params = unknown, Needs extends StepNeeds = StepNeeds, Output = unknown> {
  name: string;
  /** Raised when the same input would give another output than before. */
  revision: number;
  /** The part of the job's parameters that the step reads. */
  params: z.ZodType<Params>;
  needs: Needs;
  output: z.ZodType<Output>;
  run(context: StepContext<Params, Needs>): Promise<Output>;
  /** What of the output goes into the state machine's state: ids and counters, at most 1 KB as JSON. */
  route?(output: Output): Record<string, unknown>;
}

/** Declares a step; the types of `params`, `needs` and `output` follow from their schemas. */
export function defineStep<Params, Needs extends StepNeeds, Output>(
  step: Step<Params, Needs, Output>,
): Step<Params, Needs, Output> {
  return step;
}

// biome-ignore lint/suspicious/noExplicitAny: a step of unknown parameter types can only be written so in TypeScript.
export type AnyStep = Step<any, any, any>;
