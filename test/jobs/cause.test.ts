import { expect, it } from 'vitest';
import { describeCause } from '#jobs/cause';

it.each([
  { from: 'a Lambda', cause: '{"errorType":"MediaError","errorMessage":"no video"}', says: 'no video' },
  {
    from: 'an ECS task with an exit code',
    cause: '{"Containers":[{"ExitCode":137}]}',
    says: 'The task ended with exit code 137 and left no verdict.',
  },
  {
    from: 'an ECS task that never ran',
    cause: '{"Containers":[{"Reason":"CannotPullContainerError"}]}',
    says: 'The task ended without an exit code and left no verdict (CannotPullContainerError).',
  },
  { from: 'a text', cause: 'Cut ran longer than its 60 s.', says: 'Cut ran longer than its 60 s.' },
  { from: 'other JSON', cause: '{"a":1}', says: '{"a":1}' },
  { from: 'JSON that is no object', cause: 'null', says: 'null' },
])('the cause of $from reads as a sentence', ({ cause, says }) => {
  expect(describeCause(cause)).toBe(says);
});
