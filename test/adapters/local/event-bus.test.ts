import { expect, it } from 'vitest';
import { openEventBus } from '#adapters/local/event-bus';

it('tells those who listen to the job, and those who listen to all, until they have had enough', () => {
  const bus = openEventBus();
  const heard: string[] = [];
  const endOne = bus.listen('toy-1', ({ jobId }) => heard.push(`one ${jobId}`));
  const endAll = bus.listen(undefined, ({ jobId }) => heard.push(`all ${jobId}`));
  bus.tell({ jobId: 'toy-1' });
  bus.tell({ jobId: 'toy-2' });
  endOne();
  bus.tell({ jobId: 'toy-1' });
  endAll();
  bus.tell({ jobId: 'toy-1' });
  expect(heard).toEqual(['one toy-1', 'all toy-1', 'all toy-2', 'all toy-1']);
});
