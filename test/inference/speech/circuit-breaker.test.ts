import { describe, expect, it } from 'vitest';
import { ModelError, TransientError } from '#core/errors';
import { createBreaker } from '#inference/speech/circuit-breaker';

function aBreaker() {
  const clock = { now: 0 };
  const breaker = createBreaker('triton', { failures: 3, restSeconds: 10 }, { now: () => clock.now });
  const fail = () => breaker.call(() => Promise.reject(new TransientError('gone'))).catch(({ message }) => message);
  const succeed = () => breaker.call(() => Promise.resolve('heard'));
  return { clock, breaker, fail, succeed };
}

describe('a circuit breaker', () => {
  it('opens after so many failures in a row, and then does not call', async () => {
    const { breaker, fail } = aBreaker();
    expect([await fail(), await fail(), await fail()]).toEqual(['gone', 'gone', 'gone']);
    expect(breaker.state()).toBe('open');
    expect(await fail()).toMatch(/left alone for another 10 s/);
  });

  it('begins to count anew after a success', async () => {
    const { breaker, fail, succeed } = aBreaker();
    for (const call of [fail, fail, succeed, fail, fail]) await call();
    expect(breaker.state()).toBe('closed');
  });

  it('lets one call try after the rest; its success closes it', async () => {
    const { breaker, clock, fail, succeed } = aBreaker();
    for (const call of [fail, fail, fail]) await call();
    clock.now = 10_000;
    expect(breaker.state()).toBe('half-open');
    const { promise, resolve } = Promise.withResolvers<string>();
    const trial = breaker.call(() => promise);
    await expect(succeed()).rejects.toThrow(/left alone/);
    resolve('heard');
    await expect(trial).resolves.toBe('heard');
    expect(breaker.state()).toBe('closed');
  });

  it('opens again at once when that call fails', async () => {
    const { breaker, clock, fail } = aBreaker();
    for (const call of [fail, fail, fail]) await call();
    clock.now = 10_000;
    expect(await fail()).toBe('gone');
    expect(breaker.state()).toBe('open');
  });

  it('does not count what is not the other side being gone', async () => {
    const { breaker } = aBreaker();
    for (let call = 0; call < 5; call += 1) {
      await breaker.call(() => Promise.reject(new ModelError('not a model'))).catch(() => undefined);
    }
    expect(breaker.state()).toBe('closed');
  });
});
