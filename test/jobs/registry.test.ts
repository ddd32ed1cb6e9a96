import { expect, it } from 'vitest';
import { openRegistry } from '#jobs/registry';
import { builtIn } from '#workloads/index';
import toy from '../helpers/toy/workload.ts';

it('lists and gives the workloads that were registered, the built-in ones like any other', async () => {
  const registry = openRegistry({ ...builtIn, toy: async () => toy });
  expect((await registry.list()).map(({ name }) => name)).toEqual([...Object.keys(builtIn), 'toy']);
  expect(await registry.get('toy')).toBe(toy);
});

it.each(['toys', 'toString', ''])('says InputError for the unknown name %j', async (name) => {
  const registry = openRegistry({ toy: async () => toy });
  await expect(registry.get(name)).rejects.toMatchObject({
    name: 'InputError',
    message: expect.stringContaining('There are: toy.'),
  });
});
