import { InputError } from '#core/errors';
import { type Activity, type ActivityList, activitySchema, type Phrase, type Segment } from './activity.ts';
import { type Field, fieldsOf, flagIn, listIn, numberIn, type Row } from './fields.ts';
import { readRows } from './read-rows.ts';

type Fields = Partial<Record<Field, unknown>>;

/**
 * The activities of an export: a row for each activity with its phrases inside, or a row for each phrase. A row that can't
 * be a phrase is left out, with a note.
 * @throws InputError when the file can't be read or has no activity.
 */
export async function readActivities(path: string, name: string): Promise<ActivityList> {
  const list = activitiesOf(await readRows(path, name));
  if (list.activities.length > 0) return list;
  const why = list.notes[0] === undefined ? 'it has no rows' : list.notes[0];
  throw new InputError(
    `${name} has no activity that can be scored: ${why}. Expected activity_id, phraseIndex and expected_text.`,
    { details: { name, notes: list.notes.slice(0, 10) } },
  );
}

/** The same from rows. Activities come in the order of their first row, phrases by their index. */
export function activitiesOf(rows: Row[]): ActivityList {
  const drafts = new Map<string, Draft>();
  const notes: string[] = [];
  for (const [at, row] of unfolded(rows).entries()) addRow(drafts, fieldsOf(row), `row ${at + 1}`, notes);
  const activities = [...drafts.values()].flatMap((draft) => finished(draft, notes));
  return { activities, notes };
}

type Draft = Omit<Activity, 'phrases'> & { phrases: Map<number, Phrase> };

/** A document may hold its activities as a list beside other fields. */
function unfolded(rows: Row[]): Row[] {
  return rows.flatMap((row) => {
    const { activities } = fieldsOf(row);
    return Array.isArray(activities) ? (activities as Row[]) : [row];
  });
}

function addRow(drafts: Map<string, Draft>, fields: Fields, where: string, notes: string[]): void {
  if (fields.activityId === undefined) {
    notes.push(`${where} names no activity_id`);
    return;
  }
  const id = String(fields.activityId);
  const draft = drafts.get(id) ?? newDraft(id, fields);
  drafts.set(id, draft);
  if (fields.recording !== undefined) draft.recording ??= baseName(String(fields.recording));
  for (const segment of rowsIn(fields.segments)) addSegment(draft, fieldsOf(segment), notes);
  if (fields.phrases !== undefined) {
    for (const [at, phrase] of rowsIn(fields.phrases).entries()) {
      addPhrase(draft, fieldsOf(phrase), `${where}, phrase ${at + 1}`, notes);
    }
  } else if (fields.sequence !== undefined) addSegment(draft, fields, notes);
  else addPhrase(draft, fields, where, notes);
}

function newDraft(id: string, { storyId, studentId }: Fields): Draft {
  return {
    id,
    ...(storyId === undefined ? {} : { storyId: String(storyId) }),
    ...(studentId === undefined ? {} : { studentId: String(studentId) }),
    phrases: new Map(),
    segments: [],
  };
}

function addPhrase(draft: Draft, fields: Fields, where: string, notes: string[]): void {
  const index = numberIn(fields.phraseIndex);
  if (index === undefined || !Number.isInteger(index) || index < 0) {
    notes.push(`${where} of activity ${draft.id} has no phraseIndex`);
    return;
  }
  if (draft.phrases.has(index)) {
    notes.push(`${where} of activity ${draft.id} repeats phrase ${index}; the first one counts`);
    return;
  }
  const start = numberIn(fields.startSeconds) ?? thousandth(numberIn(fields.startMs));
  const end = numberIn(fields.endSeconds) ?? thousandth(numberIn(fields.endMs));
  draft.phrases.set(index, {
    index,
    expected: listIn(fields.expected),
    ...(fields.reference === undefined ? {} : { reference: listIn(fields.reference) }),
    ...(start === undefined ? {} : { startSeconds: start }),
    ...(end === undefined ? {} : { endSeconds: end }),
  });
}

function addSegment(draft: Draft, fields: Fields, notes: string[]): void {
  const [phrase, sequence, version] = [fields.phraseIndex, fields.sequence, fields.version].map(numberIn);
  if (phrase === undefined || sequence === undefined || fields.file === undefined) {
    notes.push(`a segment of activity ${draft.id} lacks its file, phraseIndex or sequencenumber`);
    return;
  }
  const segment: Segment = {
    file: baseName(String(fields.file)),
    phrase,
    sequence,
    ...(fields.last === undefined ? {} : { last: flagIn(fields.last) }),
    ...(version === undefined ? {} : { version }),
  };
  draft.segments.push(segment);
}

function finished({ phrases, ...draft }: Draft, notes: string[]): Activity[] {
  const inOrder = [...phrases.values()].sort((a, b) => a.index - b.index);
  const parsed = activitySchema.safeParse({ ...draft, phrases: inOrder });
  if (parsed.success) return [parsed.data];
  const [issue] = parsed.error.issues;
  notes.push(
    inOrder.length === 0
      ? `activity ${draft.id} has no phrase`
      : `activity ${draft.id} can't be used: ${issue!.path.join('.')}: ${issue!.message}`,
  );
  return [];
}

function rowsIn(value: unknown): Row[] {
  const list = typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  return Array.isArray(list) ? list.filter((each): each is Row => typeof each === 'object' && each !== null) : [];
}

function thousandth(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function baseName(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}
