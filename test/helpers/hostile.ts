import type { JsonSchema, OpenApiDocument } from '#runtime/jobs-api/openapi';

/** Texts that somebody who means harm, or does not know better, puts where a text is expected. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '..\\..\\boot.ini',
  '/etc/passwd',
  '/dev/zero',
  'file:///etc/passwd',
  's3://',
  's3://bucket/../key',
  'http://169.254.169.254/latest/meta-data/',
  '\u0000',
  'a\u0000b',
  'line\r\nX-Injected: 1',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  "'; DROP TABLE jobs; --",
  '<script>alert(1)</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a logger of another platform would run.
  '${jndi:ldap://127.0.0.1/a}',
  '%00%2e%2e%2f',
  '💥\u202e\ufeff',
  '\ud800',
  '-1',
  '1e400',
  'NaN',
  '9'.repeat(400),
  'x'.repeat(20_000),
];

/** And all else that JSON can say. */
export const HOSTILE_VALUES: unknown[] = [
  ...HOSTILE_TEXTS,
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53 + 2,
  [],
  [[]],
  [null],
  Array.from({ length: 3000 }, (_, index) => `${index}`),
  {},
  JSON.parse('{"__proto__":{"team":"blue","operator":true},"constructor":{"prototype":{}}}'),
  nested(200),
];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { inner: value } : [value];
  return value;
}

/** Bodies that are no JSON object at all, or hardly. */
export const HOSTILE_BODIES = [
  '',
  '{',
  '{"workload":"toy"',
  '{"workload":}',
  "{'workload':'toy'}",
  'null',
  'true',
  '42',
  '"text"',
  '[]',
  '[{}]',
  '{}',
  '{"__proto__":{"workload":"toy"}}',
  '{"workload":"toy","workload":"toy"}',
  '\u0000\u0001\u0002',
  '\ufeff{}',
  '<job/>',
  'workload=toy&input=a',
  '['.repeat(50_000),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  'x'.repeat(1_100_000),
];

export type Place = (string | number)[];

/** Every place that a schema has a property or an item at. */
export function placesOf(schema: JsonSchema, { components }: OpenApiDocument, depth = 0): Place[] {
  const { $ref, properties = {}, items, anyOf = [], allOf = [], additionalProperties } = schema;
  const inner = (one: unknown) => placesOf(one as JsonSchema, { components } as OpenApiDocument, depth + 1);
  if (depth > 6) return [];
  if (typeof $ref === 'string') return inner(components.schemas[$ref.split('/').at(-1)!]!);
  const below = (key: string | number, one: unknown): Place[] => [[key], ...inner(one).map((place) => [key, ...place])];
  return [
    ...Object.entries(properties as object).flatMap(([name, one]) => below(name, one)),
    ...(items ? below(0, items) : []),
    ...(typeof additionalProperties === 'object' && additionalProperties ? below('any', additionalProperties) : []),
    ...[...(anyOf as unknown[]), ...(allOf as unknown[])].flatMap(inner),
  ];
}

/** A copy of `base` with `value` at a place, and whatever has to be there to hold it. */
export function withValue(base: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  const inner = (base as Record<string | number, unknown> | undefined)?.[key];
  const changed = withValue(inner, rest, value);
  if (typeof key === 'number') return [changed];
  const kept = typeof base === 'object' && base !== null && !Array.isArray(base) ? base : {};
  return { ...kept, [key]: changed };
}
