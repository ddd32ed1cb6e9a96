import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MOST_ATTEMPTS, NOTICE_TYPES, noticeSchema } from '#core/notices';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { submissionSchema } from '#runtime/jobs-api/schemas';

const text = readFileSync(join(import.meta.dirname, '../../docs/notifications.md'), 'utf8');
const [notice, submission] = Array.from(text.matchAll(/```json\n(.*?)```/gs), ([, json]) => JSON.parse(json!));

it('docs/notifications.md shows a notice and a submission as the API has them', () => {
  expect(noticeSchema.strict().parse(notice)).toEqual(notice);
  expect(submissionSchema.parse(submission)).toEqual(submission);
});

it('docs/notifications.md names what is told, and by which requests', () => {
  for (const type of NOTICE_TYPES) expect(text).toContain(`\`${type}\``);
  const paths = Object.values(OPERATIONS).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const asked = Array.from(text.matchAll(/`((?:GET|POST) \/[^\s`]*)`/g), ([, request]) => request!);
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((request) => !paths.includes(request))).toEqual([]);
  expect({ 10: 'ten times in all' }[MOST_ATTEMPTS]).toBeDefined();
  expect(text).toContain({ 10: 'ten times in all' }[MOST_ATTEMPTS]!);
});
