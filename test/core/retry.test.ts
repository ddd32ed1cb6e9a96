import { describe, expect, it } from 'vitest';
import { CapacityError, ModelError, TransientError } from '#core/errors';
import { retry } from '#core/retry';

/** Runs an operation that throws these errors before it succeeds; the waits take no time and are noted. */
async function tried(errors: unknown[], options: Parameters<typeof retry>[1] = {}) {
  const waits: number[] = [];
  const attempts: number[] = [];
  const ended = await retry(
    async (attempt) => {
      attempts.push(attempt);
      if (attempt <= errors.length) throw errors[attempt - 1];
      return 'done';
    },
    { random: () => 1, wait: async (ms) => void waits.push(ms), ...options },
  ).catch((thrown: Error) => thrown);
  return { ended, waits, attempts };
}

const transient = new TransientError('gone for now');

describe('a retried call', () => {
  it('succeeds at once when it can', async () => {
    expect(await tried([])).toEqual({ ended: 'done', waits: [], attempts: [1] });
  });

  it('waits longer each time, up to a cap', async () => {
    const { ended, waits } = await tried(Array(7).fill(transient), { attempts: 8 });
    expect(ended).toBe('done');
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  it('draws its waits from the whole interval', async () => {
    expect((await tried([transient, transient], { random: () => 0.25 })).waits).toEqual([50, 100]);
  });

  it('gives up after its attempts, with the last error', async () => {
    const last = new CapacityError('full');
    expect(await tried([transient, transient, transient, last])).toMatchObject({ ended: last, attempts: [1, 2, 3, 4] });
  });

  it('does not try again what can not pass', async () => {
    const error = new ModelError('another digest');
    expect(await tried([error])).toEqual({ ended: error, waits: [], attempts: [1] });
  });

  it('tries what its caller says', async () => {
    const { attempts } = await tried([new Error('odd')], { retryIf: () => true });
    expect(attempts).toEqual([1, 2]);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { ended, attempts } = await tried([transient, transient], {
      signal: stop.signal,
      wait: async () => stop.abort(new Error('stopped')),
    });
    expect(ended).toMatchObject({ message: 'stopped' });
    expect(attempts).toEqual([1]);
  });

  it('really waits, by itself, and not past its signal', async () => {
    expect(await tried([transient], { wait: undefined as never, baseDelayMs: 1 })).toMatchObject({ ended: 'done' });
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const { ended } = await tried([transient], {
      wait: undefined as never,
      baseDelayMs: 600_000,
      maxDelayMs: 600_000,
      signal: stop.signal,
    });
    expect(ended).toMatchObject({ name: 'AbortError' });
  });
});
