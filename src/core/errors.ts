/** What may accompany an error: only values that are safe to log and to show to the person who submitted the job. */
export type ErrorDetails = Record<string, unknown>;

interface ErrorOptions {
  details?: ErrorDetails;
  cause?: unknown;
}

/** Who can do something about an error. */
export type Actor = 'submitter' | 'operator' | 'model owner' | 'nobody, it passes';

/**
 * The base of every error a step may end with. `name` is a literal, because the state machine matches it in
 * `ErrorEquals`; `exitCode` follows sysexits(3).
 */
export abstract class StepreelError extends Error {
  abstract override readonly name: ErrorName;
  abstract readonly retryable: boolean;
  abstract readonly exitCode: number;
  abstract readonly actor: Actor;
  readonly details: ErrorDetails;

  constructor(message: string, { details = {}, cause }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.details = details;
  }
}

/** The request is wrong: a parameter, a path, a combination. */
export class InputError extends StepreelError {
  override readonly name = 'InputError';
  readonly retryable = false;
  readonly exitCode = 64;
  readonly actor = 'submitter';
}

/** The input file does not exist or can't be opened. */
export class InputNotFoundError extends StepreelError {
  override readonly name = 'InputNotFoundError';
  readonly retryable = false;
  readonly exitCode = 66;
  readonly actor = 'submitter';
}

/** The media file is there and is not what the step can work on. */
export class MediaError extends StepreelError {
  override readonly name = 'MediaError';
  readonly retryable = false;
  readonly exitCode = 65;
  readonly actor = 'submitter';
}

/** A step broke its promise: an output that does not fit its schema, a missing verdict. */
export class ContractError extends StepreelError {
  override readonly name = 'ContractError';
  readonly retryable = false;
  readonly exitCode = 70;
  readonly actor = 'operator';
}

/** A model is missing, has another digest, or is not what its model.json says. */
export class ModelError extends StepreelError {
  override readonly name = 'ModelError';
  readonly retryable = false;
  readonly exitCode = 78;
  readonly actor = 'model owner';
}

/** Disk or memory ran out, or would. */
export class ResourceError extends StepreelError {
  override readonly name = 'ResourceError';
  readonly retryable = false;
  readonly exitCode = 71;
  readonly actor = 'operator';
}

/** No machine of the kind that the step needs is free now. */
export class CapacityError extends StepreelError {
  override readonly name = 'CapacityError';
  readonly retryable = true;
  readonly exitCode = 75;
  readonly actor = 'nobody, it passes';
}

/** Something outside failed in a way that passes: a dropped connection, a throttled call, a killed process. */
export class TransientError extends StepreelError {
  override readonly name = 'TransientError';
  readonly retryable = true;
  readonly exitCode = 75;
  readonly actor = 'nobody, it passes';
}

/** A tool that the step needs is not installed or too old. */
export class ToolError extends StepreelError {
  override readonly name = 'ToolError';
  readonly retryable = false;
  readonly exitCode = 69;
  readonly actor = 'operator';
}

const CLASSES = {
  InputError,
  InputNotFoundError,
  MediaError,
  ContractError,
  ModelError,
  ResourceError,
  CapacityError,
  TransientError,
  ToolError,
} as const;

/** Every error name that may stand in a state machine's `ErrorEquals` beside the `States.*` and service ones. */
export type ErrorName = keyof typeof CLASSES;

export const ERROR_NAMES = Object.keys(CLASSES) as ErrorName[];

/** Errors that mean "the submitted thing can't be processed": they end a job as REJECTED, never as FAILED. */
export const REFUSALS = ['InputError', 'InputNotFoundError', 'MediaError'] as const satisfies ErrorName[];

/** An error as it is written into verdicts, job records and answers. */
export interface ErrorDocument {
  name: string;
  message: string;
  details?: ErrorDetails;
}

/** The document for any thrown value; an error that isn't ours keeps its own name. */
export function toErrorDocument(thrown: unknown): ErrorDocument {
  if (thrown instanceof StepreelError) {
    const { name, message, details } = thrown;
    return Object.keys(details).length > 0 ? { name, message, details } : { name, message };
  }
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message };
  return { name: 'Error', message: String(thrown) };
}

/** The error that a document describes, so that one step can raise what another one recorded. */
export function fromErrorDocument({ name, message, details }: ErrorDocument): Error {
  if (isErrorName(name)) return new CLASSES[name](message, details ? { details } : {});
  return Object.assign(new Error(message), { name });
}

/** True for an error after which the same call may succeed; an error that is not ours is not assumed to pass. */
export function isRetryable(thrown: unknown): boolean {
  return thrown instanceof StepreelError && thrown.retryable;
}

/** True for a refusal: the submitted thing is at fault, and trying again can't help. */
export function isRefusal(thrown: unknown): thrown is StepreelError {
  return thrown instanceof StepreelError && (REFUSALS as readonly string[]).includes(thrown.name);
}

/**
 * True for what a step records as its verdict, because trying again would end the same: refusals, a model that is not what
 * it says it is, a full disk, a missing tool. The step after it raises the error under its own name; only refusals are then
 * caught. A broken contract is no verdict: it may be this very attempt that must not write one.
 */
export function isFinal(thrown: unknown): thrown is StepreelError {
  return thrown instanceof StepreelError && !thrown.retryable && !(thrown instanceof ContractError);
}

/** The sysexits(3) code for an error: 70, a bug, for anything that is not ours. */
export function exitCodeOf({ name }: { name: string }): number {
  return isErrorName(name) ? new CLASSES[name]('').exitCode : 70;
}

function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(CLASSES, name);
}
