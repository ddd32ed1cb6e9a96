import { describe, expect, it } from 'vitest';
import { inputRules, refuseForeignInput } from '#runtime/jobs-api/own-inputs';

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

describe('a prefix on AWS', () => {
  const { refusePrefix } = inputRules({
    STEPREEL_UPLOADS_BUCKET: 'uploads',
    STEPREEL_WORK_BUCKET: 'work',
    STEPREEL_RESULTS_BUCKET: 'results',
    STEPREEL_MODELS_BUCKET: 'models',
  });

  it.each([
    { prefix: 's3://uploads/uploads/red/', isRefused: false },
    { prefix: 's3://uploads/uploads/red/2026', isRefused: false },
    { prefix: 's3://footage/', isRefused: false },
    { prefix: 's3://footage/monday/', isRefused: false },
    { prefix: 's3://uploads/', isRefused: true },
    { prefix: 's3://uploads/uploads/', isRefused: true },
    { prefix: 's3://uploads/uploads/red', isRefused: true },
    { prefix: 's3://uploads/uploads/blue/', isRefused: true },
    { prefix: 's3://uploads/incoming/', isRefused: true },
    { prefix: 's3://results/jobs/', isRefused: true },
    { prefix: '/etc/', isRefused: true },
  ])('$prefix is refused to the team red: $isRefused', ({ prefix, isRefused }) => {
    expect(refusePrefix(prefix, 'red') !== undefined).toBe(isRefused);
  });
});
