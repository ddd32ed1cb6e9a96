import { describe, expect, it } from 'vitest';
import {
  CapacityError,
  ContractError,
  ERROR_NAMES,
  exitCodeOf,
  fromErrorDocument,
  InputError,
  InputNotFoundError,
  isRefusal,
  isRetryable,
  MediaError,
  ModelError,
  ResourceError,
  ToolError,
  TransientError,
  toErrorDocument,
} from '#core/errors';

const table = [
  { name: 'InputError', Class: InputError, retryable: false, exitCode: 64, refusal: true },
  { name: 'InputNotFoundError', Class: InputNotFoundError, retryable: false, exitCode: 66, refusal: true },
  { name: 'MediaError', Class: MediaError, retryable: false, exitCode: 65, refusal: true },
  { name: 'ContractError', Class: ContractError, retryable: false, exitCode: 70, refusal: false },
  { name: 'ModelError', Class: ModelError, retryable: false, exitCode: 78, refusal: false },
  { name: 'ResourceError', Class: ResourceError, retryable: false, exitCode: 71, refusal: false },
  { name: 'CapacityError', Class: CapacityError, retryable: true, exitCode: 75, refusal: false },
  { name: 'TransientError', Class: TransientError, retryable: true, exitCode: 75, refusal: false },
  { name: 'ToolError', Class: ToolError, retryable: false, exitCode: 69, refusal: false },
] as const;

it('the table has every error', () => {
  expect(table.map(({ name }) => name).sort()).toEqual([...ERROR_NAMES].sort());
});

it.each(table)(
  '$name: retryable $retryable, exit code $exitCode, a refusal $refusal',
  ({ name, Class, retryable, exitCode, refusal }) => {
    const error = new Class('what was found', { details: { found: 1 }, cause: 'why' });
    expect(error).toMatchObject({
      name,
      retryable,
      exitCode,
      message: 'what was found',
      details: { found: 1 },
      cause: 'why',
    });
    expect(error.actor).toMatch(/submitter|operator|model owner|nobody/);
    expect(isRetryable(error)).toBe(retryable);
    expect(isRefusal(error)).toBe(refusal);
    expect(exitCodeOf({ name })).toBe(exitCode);
  },
);

describe('an error document', () => {
  it.each(table)('of a $name gives the same error again', ({ name, Class }) => {
    const error = new Class('what was found', { details: { found: 1 } });
    const again = fromErrorDocument(toErrorDocument(error));
    expect(again).toBeInstanceOf(Class);
    expect(toErrorDocument(again)).toEqual({ name, message: 'what was found', details: { found: 1 } });
  });

  it.each([
    {
      name: 'an error without details',
      thrown: new MediaError('no video'),
      document: { name: 'MediaError', message: 'no video' },
    },
    {
      name: 'an error that is not ours',
      thrown: new TypeError('x is no function'),
      document: { name: 'TypeError', message: 'x is no function' },
    },
    { name: 'a thrown text', thrown: 'oh', document: { name: 'Error', message: 'oh' } },
  ])('says what is known of $name', ({ thrown, document }) => {
    expect(toErrorDocument(thrown)).toEqual(document);
    expect(toErrorDocument(fromErrorDocument(document))).toEqual(document);
  });
});

it('an error that is not ours is a bug: not retried, no refusal, exit code 70', () => {
  expect([isRetryable(new Error()), isRefusal(new Error()), exitCodeOf({ name: 'TypeError' })]).toEqual([
    false,
    false,
    70,
  ]);
  expect(exitCodeOf({ name: 'toString' })).toBe(70);
});

it('an error carries no cause that it was not given', () => {
  expect('cause' in new InputError('no')).toBe(false);
  expect(new TransientError('no').details).toEqual({});
});
