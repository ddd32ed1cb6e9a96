import { expect, it } from 'vitest';
import { refuseForeignInput } from '#runtime/jobs-api/own-inputs';

const refuse = refuseForeignInput({ uploads: 'up', inner: ['work', 'results', 'models'] });

it.each([
  { uri: 's3://up/uploads/red/1/a.mp4', team: 'red', allowed: true },
  { uri: 's3://up/uploads/blue/1/a.mp4', team: 'red', allowed: false },
  { uri: 's3://up/uploads/reddish/1/a.mp4', team: 'red', allowed: false },
  { uri: 's3://up/incoming/toy/a.mp4', team: 'red', allowed: false },
  { uri: 's3://up/incoming/toy/a.mp4', team: 'default', allowed: true },
  { uri: 's3://results/jobs/toy-1/a.mp4', team: 'red', allowed: false },
  { uri: 's3://work/jobs/toy-1/a.mp4', team: 'default', allowed: false },
  { uri: 's3://a-bucket-of-theirs/a.mp4', team: 'red', allowed: true },
  { uri: '/etc/passwd', team: 'red', allowed: false },
  { uri: 'https://example.org/a.mp4', team: 'red', allowed: false },
])('$team may use $uri: $allowed', ({ uri, team, allowed }) => {
  expect(refuse(uri, team) === undefined).toBe(allowed);
});
