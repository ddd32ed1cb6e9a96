import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { activitiesOf, readActivities } from '#workloads/letter-asr/activities/read-activities';
import { testFolder } from '../../../helpers/folder.ts';

const ROWS = [
  { activity_id: 'a1', story_id: 's1', phraseIndex: 0, expected_text: ['a_letter', 'b_sound'] },
  { activity_id: 'a1', story_id: 's1', phraseIndex: 1, expected_text: ['c_letter'] },
  { activity_id: 'a2', story_id: 's2', phraseIndex: 0, expected_text: ['d_letter'] },
];

const ACTIVITIES = [
  {
    id: 'a1',
    storyId: 's1',
    phrases: [
      { index: 0, expected: ['a_letter', 'b_sound'] },
      { index: 1, expected: ['c_letter'] },
    ],
    segments: [],
  },
  { id: 'a2', storyId: 's2', phrases: [{ index: 0, expected: ['d_letter'] }], segments: [] },
];

async function read(name: string, content: string | Uint8Array) {
  const path = join(await testFolder(), name);
  await writeFile(path, content);
  return readActivities(path, name);
}

describe('an export is read whatever its kind', () => {
  const nested = { activity_id: 'a1', story_id: 's1', phrases: ROWS.slice(0, 2) };
  const parquet = () =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'activity_id', data: ROWS.map((row) => row.activity_id), type: 'STRING' },
          { name: 'story_id', data: ROWS.map((row) => row.story_id), type: 'STRING' },
          { name: 'phraseIndex', data: ROWS.map((row) => BigInt(row.phraseIndex)), type: 'INT64' },
          { name: 'expected_text', data: ROWS.map((row) => JSON.stringify(row.expected_text)), type: 'STRING' },
        ],
      }),
    );
  it.each([
    { name: 'rows.json', content: () => JSON.stringify(ROWS) },
    { name: 'document.json', content: () => JSON.stringify({ activities: [nested, ROWS[2]] }) },
    { name: 'rows.jsonl', content: () => ROWS.map((row) => JSON.stringify(row)).join('\n') },
    { name: 'rows.ndjson', content: () => `\uFEFF${ROWS.map((row) => JSON.stringify(row)).join('\r\n')}\r\n` },
    {
      name: 'rows.csv',
      content: () =>
        'activity_id,story_id,phraseIndex,expected_text\na1,s1,0,"[""a_letter"",""b_sound""]"\na1,s1,1,c_letter\na2,s2,0,d_letter\n',
    },
    { name: 'rows.parquet', content: parquet },
  ])('$name', async ({ name, content }) => {
    expect(await read(name, content())).toEqual({ activities: ACTIVITIES, notes: [] });
  });
});

it('a query result is read as Athena leaves it: every cell in quotes, arrays in brackets without any', async () => {
  const content = [
    '"activity_id","story_id","phraseIndex","expected_text","reference_phonemes"',
    '"a1","s1","0","[a_letter, b_letter]","[eɪ, b iː]"',
    '"a1","s1","1","[w_letter]",',
  ].join('\n');
  const { activities, notes } = await read('result.csv', content);
  expect(notes).toEqual([]);
  expect(activities).toMatchObject([
    {
      id: 'a1',
      phrases: [
        { index: 0, expected: ['a_letter', 'b_letter'], reference: ['eɪ', 'b iː'] },
        { index: 1, expected: ['w_letter'] },
      ],
    },
  ]);
});

describe('metadata in the old and the new field names is the same', () => {
  it.each([
    {
      name: 'the data lake',
      row: { activity_id: 'a', phraseIndex: 2, expected_text: ['a_letter'], reference_phonemes: ['eɪ'] },
    },
    {
      name: 'the queue messages',
      row: { activityId: 'a', phraseIndex: 2, expectedText: ['a_letter'], referencePhonemes: ['eɪ'] },
    },
    {
      name: 'snake case',
      row: { activity_id: 'a', phrase_index: '2', expected_text: "['a_letter']", reference_phonemes: 'eɪ' },
    },
    { name: 'object metadata', row: { ACTIVITYID: 'a', phraseindex: '2', expected: 'a_letter', reference: ['eɪ'] } },
  ])('$name', ({ row }) => {
    const [activity] = activitiesOf([row]).activities;
    expect(activity).toMatchObject({ id: 'a', phrases: [{ index: 2, expected: ['a_letter'], reference: ['eɪ'] }] });
  });

  it.each([
    { name: 'milliseconds', row: { start_ms: 1500, end_ms: 2500 } },
    { name: 'seconds', row: { startSeconds: '1.5', end_seconds: 2.5 } },
  ])('times in $name', ({ row }) => {
    const [activity] = activitiesOf([{ activity_id: 'a', phraseIndex: 0, expected_text: [], ...row }]).activities;
    expect(activity!.phrases[0]).toMatchObject({ startSeconds: 1.5, endSeconds: 2.5 });
  });

  it('segments by the names of object metadata', () => {
    const segments = [
      { file: 's3://bucket/a/x.wav', phraseindex: '0', sequencenumber: '7', lastsegment: 'true' },
      { s3_uri: 's3://bucket/a/y.wav', phraseIndex: 1, sequence: 8, lastSegment: false },
    ];
    const [activity] = activitiesOf([
      { activityId: 'a', phrases: [{ phraseIndex: 0, expected: [] }], segments },
    ]).activities;
    expect(activity!.segments).toEqual([
      { file: 'x.wav', phrase: 0, sequence: 7, last: true },
      { file: 'y.wav', phrase: 1, sequence: 8, last: false },
    ]);
  });
});

describe('a row that can not be used is told', () => {
  it.each([
    { name: 'no activity', row: { phraseIndex: 0, expected_text: ['a_letter'] }, says: 'row 1 names no activity_id' },
    { name: 'no phraseIndex', row: { activity_id: 'a', expected_text: ['a_letter'] }, says: 'has no phraseIndex' },
    {
      name: 'half a phrase',
      row: { activity_id: 'a', phraseIndex: 0.5, expected_text: [] },
      says: 'has no phraseIndex',
    },
  ])('$name', ({ row, says }) => {
    const { activities, notes } = activitiesOf([row]);
    expect(activities).toEqual([]);
    expect(notes[0]).toContain(says);
  });

  it('a phrase that comes twice counts once', () => {
    const { activities, notes } = activitiesOf([
      { activity_id: 'a', phraseIndex: 0, expected_text: ['a_letter'] },
      { activity_id: 'a', phraseIndex: 0, expected_text: ['b_letter'] },
    ]);
    expect(activities[0]!.phrases).toEqual([{ index: 0, expected: ['a_letter'] }]);
    expect(notes).toEqual(['row 2 of activity a repeats phrase 0; the first one counts']);
  });

  it.each([
    { name: 'broken.json', content: '{', says: "can't be read as json" },
    { name: 'broken.jsonl', content: '{"activity_id":"a"}\n{', says: 'line 2' },
    { name: 'broken.csv', content: 'a,b\n1,2,3\n', says: "can't be read as csv" },
    { name: 'broken.parquet', content: 'PAR1', says: "can't be read as parquet" },
    { name: 'empty.jsonl', content: '\n', says: 'it has no rows' },
    { name: 'numbers.json', content: '[1]', says: 'expected an object' },
  ])('$name', async ({ name, content, says }) => {
    const refused = await read(name, content).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'InputError', message: expect.stringContaining(says) });
  });
});
