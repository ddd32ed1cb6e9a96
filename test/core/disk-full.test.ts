import { expect, it } from 'vitest';
import { asResourceError } from '#core/disk-full';

it.each(['ENOSPC', 'EDQUOT'])('%s is a ResourceError', (code) => {
  expect(asResourceError(Object.assign(new Error(), { code }), '/data')).toMatchObject({ name: 'ResourceError' });
});

it('other errors stay what they are', () => {
  const thrown = Object.assign(new Error(), { code: 'EACCES' });
  expect(asResourceError(thrown, '/data')).toBe(thrown);
});
