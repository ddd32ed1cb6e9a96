/** A signal that aborts on Ctrl-C and on SIGTERM; the second Ctrl-C ends the program at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(new Interrupted(name));
    });
  }
  return controller.signal;
}

/** The person who started the command ended it. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** 128 + the signal's number, as shells report a program that a signal ended. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Stopped by ${signal}; everything started was ended, nothing half-made was left.`);
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}
