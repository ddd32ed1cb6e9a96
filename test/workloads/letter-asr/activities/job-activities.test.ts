import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activitiesOfJob } from '#workloads/letter-asr/activities/job-activities';
import { parseSegmentName } from '#workloads/letter-asr/activities/segment-name';
import { testFolder } from '../../../helpers/folder.ts';

const local = async (source: { uri: string } | { key: string }) => ('uri' in source ? source.uri : source.key);

async function assign(
  files: string[],
  rows: object[],
  activityFrom: 'name' | 'folder' = 'name',
  activities?: string[],
) {
  const folder = await testFolder();
  const uri = join(folder, 'activities.json');
  await writeFile(uri, JSON.stringify(rows));
  const wavs = files.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), uri: `/in/${path}` }));
  const input = [...wavs, { name: 'activities.json', uri }];
  const found = await activitiesOfJob(input, { activityFrom, activities }, { local });
  const owned = found.activities.map(({ activity, files }) => [activity.id, files.map(({ uri }) => uri.slice(4))]);
  return { owned: Object.fromEntries(owned), notes: found.notes };
}

const row = (activity_id: string, more = {}) => ({ activity_id, phraseIndex: 0, expected_text: ['a_letter'], ...more });

describe('a wav file belongs to the activity that', () => {
  it('its name begins with', async () => {
    const { owned, notes } = await assign(
      ['a1_000_000001.wav', 'a2-000-000001.wav', 'x_000_000001.wav'],
      [row('a1'), row('a2')],
    );
    expect(owned).toEqual({ a1: ['a1_000_000001.wav'], a2: ['a2-000-000001.wav'] });
    expect(notes).toEqual(['x_000_000001.wav belongs to no activity that is scored']);
  });

  it('lists it among its segments or as its recording', async () => {
    const rows = [
      { ...row('a1'), segments: [{ file: 'one.wav', phraseIndex: 0, sequence: 1 }], phrases: [row('')] },
      row('a2', { recording: 'two.wav' }),
    ];
    expect((await assign(['one.wav', 'two.wav'], rows)).owned).toEqual({ a1: ['one.wav'], a2: ['two.wav'] });
  });

  it('its folder is called after, when that is asked for', async () => {
    const files = ['a1/000_000001.wav', 'a2/000_000001.wav'];
    expect((await assign(files, [row('a1'), row('a2')], 'folder')).owned).toEqual({ a1: [files[0]], a2: [files[1]] });
  });

  it('is the only one', async () => {
    expect((await assign(['anything.wav'], [row('a1')])).owned).toEqual({ a1: ['anything.wav'] });
    expect((await assign(['anything.wav', 'a2_000_000001.wav'], [row('a1'), row('a2')], 'name', ['a2'])).owned).toEqual(
      {
        a2: ['anything.wav', 'a2_000_000001.wav'],
      },
    );
  });
});

describe('a job is refused', () => {
  it.each([
    { name: 'without wav files', files: [], rows: [row('a')], says: 'found 1 and 0' },
    { name: 'with a file of another kind', files: ['a.wav', 'b.mp3'], rows: [row('a')], says: '"b.mp3"' },
    {
      name: 'when no file belongs to an activity',
      files: ['x.wav'],
      rows: [row('a'), row('b')],
      says: 'None of the 1 wav files',
    },
    {
      name: 'for an activity that is not there',
      files: ['x.wav'],
      rows: [row('a')],
      only: ['z'],
      says: 'No activity of the export is called z',
    },
  ])('$name', async ({ files, rows, only, says }) => {
    const refused = await assign(files, rows, 'name', only).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'InputError', message: expect.stringContaining(says) });
  });
});

it.each([
  { name: '003_000012.wav', place: { phrase: 3, sequence: 12 } },
  { name: 'a17_003_000012_1700000000_v2.wav', place: { activity: 'a17', phrase: 3, sequence: 12, version: 2 } },
  { name: 'a-b-003-000012-1700000000-1.WAV', place: { activity: 'a-b', phrase: 3, sequence: 12, version: 1 } },
  { name: 'complete.wav', place: undefined },
  { name: '3_12.wav', place: undefined },
])('the name $name says where it belongs', ({ name, place }) => {
  expect(parseSegmentName(name)).toEqual(place && { file: name, ...place });
});
