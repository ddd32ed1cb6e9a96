/** What a request about a job may be refused for, beside being wrong in itself (InputError). */
export type RefusalCode =
  | 'KeyReused'
  | 'KeyInFlight'
  | 'QueueFull'
  | 'NoSuchJob'
  | 'NoSuchBatch'
  | 'NoSuchUpload'
  | 'NoParts'
  | 'UploadIncomplete'
  | 'NoResult'
  | 'NotReplayable'
  | 'NoLargerSize'
  | 'NotCancellable'
  | 'NotOffered';

/**
 * A request that is well-formed and can't be granted now. It has no name in a state machine: it is an answer to whoever
 * asked, and never the end of a job. `hint` says what to do.
 */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly code: RefusalCode;
  readonly hint: string;

  constructor(code: RefusalCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
