import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEngineCache, engineKey } from '#inference/speech/engine-cache';

/** Engines that know whether they are open, and fail when they are used while they are not. */
function engines() {
  const opened: string[] = [];
  const closed: string[] = [];
  let open = 0;
  let mostOpen = 0;
  const engine = (key: string) => async () => {
    await sleep(1);
    opened.push(key);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    let isOpen = true;
    return {
      key,
      work() {
        if (!isOpen) throw new Error(`${key} is closed`);
      },
      async close() {
        if (!isOpen) throw new Error(`${key} was closed before`);
        isOpen = false;
        open -= 1;
        closed.push(key);
      },
    };
  };
  return { engine, opened, closed, count: () => open, most: () => mostOpen };
}

type Engine = Awaited<ReturnType<ReturnType<ReturnType<typeof engines>['engine']>>>;

const aCache = (max?: number) => createEngineCache<Engine>(max === undefined ? {} : { max });

describe('the engine cache', () => {
  it('opens an engine once for all that ask for it', async () => {
    const { engine, opened } = engines();
    const cache = aCache(2);
    await cache.use('a', engine('a'), async (one) => one.work());
    await cache.use('a', engine('a'), async (one) => one.work());
    expect(opened).toEqual(['a']);
  });

  it('evicts the least recently used engine, and closes it', async () => {
    const { engine, closed } = engines();
    const cache = aCache(2);
    for (const key of ['a', 'b', 'c']) await cache.use(key, engine(key), async (one) => one.work());
    expect(closed).toEqual(['a']);
    expect(cache.keys()).toEqual(['b', 'c']);
  });

  it('an update moves to the newest', async () => {
    const { engine, closed } = engines();
    const cache = aCache(2);
    for (const key of ['a', 'b', 'a', 'c']) await cache.use(key, engine(key), async (one) => one.work());
    expect(closed).toEqual(['b']);
    expect(cache.keys()).toEqual(['a', 'c']);
  });

  it('parallel calls share an engine that is being opened', async () => {
    const { engine, opened } = engines();
    const cache = aCache(2);
    await Promise.all(Array.from({ length: 20 }, () => cache.use('a', engine('a'), async (one) => one.work())));
    expect(opened).toEqual(['a']);
  });

  it('async use: an evicted engine is closed when its last user lets go, not before', async () => {
    const { engine, closed } = engines();
    const cache = aCache(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const long = cache.use('a', engine('a'), async (one) => {
      await promise;
      one.work();
    });
    await cache.use('b', engine('b'), async (one) => one.work());
    expect(closed).toEqual([]);
    resolve();
    await long;
    expect(closed).toEqual(['a']);
  });

  it('makes room first, so that idle engines are never more than the size', async () => {
    const { engine, most } = engines();
    const cache = aCache(2);
    for (const key of ['a', 'b', 'c', 'a', 'd']) await cache.use(key, engine(key), async (one) => one.work());
    expect(most()).toBe(2);
  });

  it('forgets an engine that did not open, and keeps one whose work failed', async () => {
    const { engine, opened } = engines();
    const cache = aCache(2);
    const failing = () => Promise.reject(new Error('no file'));
    const both = [1, 2].map(() => cache.use('a', failing, async (one) => one.work()));
    for (const one of both) await expect(one).rejects.toThrow('no file');
    expect(cache.keys()).toEqual([]);
    await expect(cache.use('a', engine('a'), () => Promise.reject(new Error('bad sound')))).rejects.toThrow(
      'bad sound',
    );
    await cache.use('a', engine('a'), async (one) => one.work());
    expect(opened).toEqual(['a']);
  });

  it('closes everything at the end, after the work that is under way', async () => {
    const { engine, closed, count } = engines();
    const cache = aCache(1);
    const working = ['a', 'b'].map((key) =>
      cache.use(key, engine(key), async (one) => {
        await sleep(5);
        one.work();
      }),
    );
    await sleep(2);
    await cache.close();
    expect(closed.toSorted()).toEqual(['a', 'b']);
    expect(count()).toBe(0);
    await Promise.all(working);
  });

  it('parallel get, put and evict stress: nothing closed is used, nothing is opened twice at a time or left open', async () => {
    const calls = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), ms: fc.nat({ max: 3 }) }), {
      minLength: 30,
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 3 }), async (list, max) => {
        const { engine, count } = engines();
        const cache = aCache(max);
        await Promise.all(
          list.map(async ({ key, ms }, at) => {
            await sleep(at % 4);
            await cache.use(key, engine(key), async (one) => {
              await sleep(ms);
              expect(one.key).toBe(key);
              one.work();
            });
          }),
        );
        expect(count()).toBe(cache.keys().length);
        expect(count()).toBeLessThanOrEqual(max);
        await cache.close();
        expect(count()).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('behaves exactly as a list ordered by use, for any order of keys', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 4 }), async (list, max) => {
        const { engine } = engines();
        const cache = aCache(max);
        let model: string[] = [];
        for (const key of list) {
          await cache.use(key, engine(key), async (one) => one.work());
          model = [...model.filter((other) => other !== key), key].slice(-max);
          expect(cache.keys()).toEqual(model);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('its size', () => {
  it.each([
    { name: 'two unless something says otherwise', value: '', kept: ['b', 'c'] },
    { name: 'from the environment', value: '1', kept: ['c'] },
  ])('is $name', async ({ value, kept }) => {
    vi.stubEnv('ENGINE_CACHE_MAX', value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { engine } = engines();
    const cache = aCache();
    for (const key of ['a', 'b', 'c']) await cache.use(key, engine(key), async (one) => one.work());
    expect(cache.keys()).toEqual(kept);
  });

  it.each(['0', 'many', '1.5'])('is not %s', (value) => {
    vi.stubEnv('ENGINE_CACHE_MAX', value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(() => aCache()).toThrow(expect.objectContaining({ name: 'InputError' }));
  });
});

describe('the key of an engine', () => {
  it('is the same for the same settings, in whatever order, with or without what is undefined', () => {
    const key = engineKey({ model: 'letters@1.0.0', device: 'cpu', threads: 2 });
    expect(engineKey({ threads: 2, device: 'cpu', model: 'letters@1.0.0', mask: undefined })).toBe(key);
  });

  it.each([{ threads: 1 }, { threads: '2' }, { device: 'gpu' }, { model: 'letters@1.0.1' }])(
    'differs for %o',
    (change) => {
      const settings = { model: 'letters@1.0.0', device: 'cpu', threads: 2 };
      expect(engineKey({ ...settings, ...change })).not.toBe(engineKey(settings));
    },
  );
});
