/** A row of an export, whatever the file's kind. */
export type Row = Record<string, unknown>;

/**
 * Each field by the names it goes by: ours, those of the data lake, and those of object metadata and old queue messages.
 * Case, blanks, dashes and underscores make no difference, so that `activity_id` and `activityId` are one field.
 */
const NAMES = {
  activityId: ['activityid'],
  storyId: ['storyid'],
  studentId: ['studentid'],
  phrases: ['phrases'],
  segments: ['segments'],
  activities: ['activities'],
  phraseIndex: ['phraseindex', 'phrase', 'index'],
  expected: ['expectedtext', 'expected', 'expecteditems'],
  reference: ['referencephonemes', 'reference'],
  startSeconds: ['startseconds', 'start'],
  endSeconds: ['endseconds', 'end'],
  startMs: ['startms'],
  endMs: ['endms'],
  sequence: ['sequencenumber', 'sequence'],
  last: ['lastsegment', 'last', 'islast'],
  version: ['version'],
  file: ['file', 's3uri', 'uri', 'filename', 'key'],
  recording: ['recording', 'audio', 'completeaudio'],
} as const;

export type Field = keyof typeof NAMES;

const FIELD_BY_NAME: ReadonlyMap<string, Field> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.map((name): [string, Field] => [name, field as Field])),
);

/** The fields of a row that we know, under our names. Empty values count as missing. */
export function fieldsOf(row: Row): Partial<Record<Field, unknown>> {
  const known: Partial<Record<Field, unknown>> = {};
  for (const [name, value] of Object.entries(row)) {
    const field = FIELD_BY_NAME.get(name.toLowerCase().replaceAll(/[\s_-]/g, ''));
    if (field !== undefined && value !== null && value !== undefined && value !== '') known[field] ??= value;
  }
  return known;
}

/** A list as it comes in tables: a list, its JSON, or words between blanks, commas or bars. */
export function listIn(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((item) => String(item).trim()).filter((item) => item !== '');
  const text = String(value).trim();
  if (text.startsWith('[')) {
    try {
      return listIn(JSON.parse(text));
    } catch {
      // Lists of other languages put single quotes where JSON has double ones, and Athena puts none at all. A pronunciation
      // of several phonemes has blanks in it.
      const inner = text.replaceAll(/[[\]'"]/g, ' ');
      return inner.includes(',') ? listIn(inner.split(',')) : listIn(inner);
    }
  }
  return text.split(/[\s,|;]+/).filter((item) => item !== '');
}

/** A number as it comes in tables, also as a text or a 64-bit integer; undefined when it is none. */
export function numberIn(value: unknown): number | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function flagIn(value: unknown): boolean {
  return value === true || ['true', '1', 'yes'].includes(String(value).toLowerCase());
}
