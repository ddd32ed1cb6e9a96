import { describe, expect, it } from 'vitest';
import { defaultSlots, openSlots } from '#adapters/local/slots';

const never = new AbortController().signal;

describe('slots', () => {
  it('run as much side by side as they are, in the order asked for', async () => {
    const slots = openSlots(2);
    const order: number[] = [];
    let running = 0;
    let highest = 0;
    const work = (number: number) =>
      slots.use(never, async () => {
        order.push(number);
        running += 1;
        highest = Math.max(highest, running);
        await new Promise(setImmediate);
        running -= 1;
      });
    await Promise.all([1, 2, 3, 4, 5].map(work));
    expect(order).toEqual([1, 2, 3, 4, 5]);
    expect(highest).toBe(2);
  });

  it('go to the lowest rank that waits, whenever it came', async () => {
    const slots = openSlots(1);
    const order: string[] = [];
    const work = (rank: string, name = rank) =>
      slots.use(
        never,
        async () => {
          order.push(name);
          await new Promise(setImmediate);
        },
        rank,
      );
    await Promise.all([work('m', 'first'), work('c'), work('b'), work('a', 'a 1'), work('a', 'a 2')]);
    expect(order).toEqual(['first', 'a 1', 'a 2', 'b', 'c']);
  });

  it('are free again after a failure', async () => {
    const slots = openSlots(1);
    const failing = slots.use(never, async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await slots.use(never, async () => 'yes')).toBe('yes');
  });

  it('let a waiting one go that is stopped, and keep its turn from nobody', async () => {
    const slots = openSlots(1);
    const stop = new AbortController();
    const release = Promise.withResolvers<void>();
    const first = slots.use(never, () => release.promise);
    const second = slots.use(stop.signal, async () => 'second');
    const third = slots.use(never, async () => 'third');
    stop.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    release.resolve();
    await first;
    expect(await third).toBe('third');
  });

  it('are not given to one that was stopped before', async () => {
    await expect(openSlots(1).use(AbortSignal.abort(new Error('stopped')), async () => 1)).rejects.toThrow('stopped');
  });

  it('are at least one on any machine', () => {
    expect(defaultSlots()).toBeGreaterThanOrEqual(1);
    expect(openSlots().size).toBe(defaultSlots());
  });
});
