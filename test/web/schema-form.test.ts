import { describe, expect, it } from 'vitest';
import { readField, type Schema } from '../../web/schema-form.ts';

describe('what a field says', () => {
  it.each<{ schema: Schema; given: string | boolean; is: unknown }>([
    { schema: { type: 'integer' }, given: '5', is: 5 },
    { schema: { type: 'number' }, given: ' 0.25 ', is: 0.25 },
    { schema: { type: 'string' }, given: '5', is: '5' },
    { schema: { enum: ['fast', 'fine'] }, given: 'fine', is: 'fine' },
    { schema: { enum: [480, 720] }, given: '720', is: 720 },
    { schema: { type: 'boolean', default: true }, given: false, is: false },
    { schema: { type: 'boolean' }, given: false, is: undefined },
    { schema: { type: 'array', items: { type: 'string' } }, given: 'person, car', is: ['person', 'car'] },
    { schema: { type: 'object' }, given: '{"person": 0.4}', is: { person: 0.4 } },
    { schema: { type: 'string' }, given: '  ', is: undefined },
  ])('$given, read by $schema, is $is', ({ schema, given, is }) => {
    expect(readField(given, schema)).toEqual({ value: is });
  });

  it.each<{ schema: Schema; given: string; says: string }>([
    { schema: { type: 'integer' }, given: '1.5', says: 'whole number' },
    { schema: { type: 'number' }, given: 'many', says: 'Expected a number' },
    { schema: { type: 'number', minimum: 0, maximum: 1 }, given: '2', says: 'at least 0 at most 1' },
    { schema: { type: 'object' }, given: '{person', says: 'not JSON' },
  ])('$given, read by $schema, is a fault', ({ schema, given, says }) => {
    expect(readField(given, schema)).toEqual({ fault: expect.stringContaining(says) });
  });
});
