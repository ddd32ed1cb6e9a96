import { describe, expect, it } from 'vitest';
import { deliver, fateOf, shortOfMachines, slowed } from '#runtime/chaos/faults';
import { NO_CHAOS } from '#runtime/chaos/switches';

const always = () => 0;
const never = () => 0.999;

describe('an end', () => {
  it.each([
    { name: 'dropped', chaos: { dropEvents: 0.5 }, random: always, told: 0 },
    { name: 'told once', chaos: { dropEvents: 0.5, doubleEvents: 0.5 }, random: never, told: 1 },
    { name: 'told twice', chaos: { doubleEvents: 0.5 }, random: always, told: 2 },
  ])('is $name', async ({ chaos, random, told }) => {
    let count = 0;
    await deliver(async () => (count += 1), { ...NO_CHAOS, ...chaos }, random);
    expect(count).toBe(told);
  });
});

describe('a task', () => {
  const fates = () => {
    const seen: string[] = [];
    return { seen, exit: (code: number) => seen.push(`exit ${code}`), kill: () => seen.push('kill') };
  };

  it('is killed once, when it has come so far', () => {
    const { seen, ...ends } = fates();
    const fate = fateOf({ ...NO_CHAOS, kill: { percent: 50, share: 1 } }, always, ends);
    fate.begin();
    for (const percent of [10, 49, 50, 90]) fate.reached(percent);
    expect(seen).toEqual(['kill']);
  });

  it('ends with a code before it begins', () => {
    const { seen, ...ends } = fates();
    fateOf({ ...NO_CHAOS, exit: { code: 137, share: 0.5 } }, always, ends).begin();
    expect(seen).toEqual(['exit 137']);
  });

  it('is left alone when the draw is not its own', () => {
    const { seen, ...ends } = fates();
    const fate = fateOf({ ...NO_CHAOS, kill: { percent: 0, share: 0.5 }, exit: { code: 1, share: 0.5 } }, never, ends);
    fate.begin();
    fate.reached(100);
    expect(seen).toEqual([]);
  });

  it('finds no machine, in the words that a state machine retries', async () => {
    const services = {
      invokeLambda: async () => 'lambda',
      runTask: async () => ({ exitCode: 0 }),
    };
    const short = shortOfMachines(services, { ...NO_CHAOS, denyCapacity: 0.5 }, always);
    const call = { taskDefinition: 'Step', environment: {} } as never;
    const signal = new AbortController().signal;
    await expect(short.runTask(call, signal, () => {})).rejects.toMatchObject({ name: 'CapacityError' });
    expect(await shortOfMachines(services, NO_CHAOS, never).runTask(call, signal, () => {})).toEqual({ exitCode: 0 });
  });
});

it('a slow store takes its time, answers the same and can still be closed', async () => {
  const store = { read: async (key: string) => `${key}!`, name: 'store', [Symbol.dispose]() {} };
  const slow = slowed(store, { ...NO_CHAOS, slowStoreMs: 20 });
  const start = performance.now();
  expect([await slow.read('a'), slow.name]).toEqual(['a!', 'store']);
  expect(performance.now() - start).toBeGreaterThanOrEqual(15);
  expect(() => slow[Symbol.dispose]()).not.toThrow();
  expect(slowed(store, NO_CHAOS)).toBe(store);
});
