import { expect, it } from 'vitest';
import { batchItemSchema } from '#jobs/batch-item';
import { batchItems } from '#workloads/letter-asr/activities/batch-items';
import { activitiesOf } from '#workloads/letter-asr/activities/read-activities';

const { activities } = activitiesOf(
  ['a1', 'a2', 'a3'].map((activity_id) => ({ activity_id, phraseIndex: 0, expected_text: ['a_letter'] })),
);

it('each activity with recordings becomes one item of a batch, under its own name', () => {
  const addresses = [
    's3://in/day/a2_000_000001.wav',
    's3://in/a1/000_000002.wav',
    's3://in/a1/000_000001.wav',
    's3://in/a1/complete.wav',
    's3://in/day/a2-complete.wav',
    's3://in/day/else.wav',
  ];
  const { items, without } = batchItems(activities, addresses, 's3://in/export.parquet');
  expect(items).toEqual([
    {
      input: [
        's3://in/a1/000_000001.wav',
        's3://in/a1/000_000002.wav',
        's3://in/a1/complete.wav',
        's3://in/export.parquet',
      ],
      params: { activities: ['a1'], activityFrom: 'folder' },
      key: 'a1',
    },
    {
      input: ['s3://in/day/a2-complete.wav', 's3://in/day/a2_000_000001.wav', 's3://in/export.parquet'],
      params: { activities: ['a2'], activityFrom: 'name' },
      key: 'a2',
    },
  ]);
  expect(without).toEqual(['a3']);
  for (const item of items) expect(batchItemSchema.parse(item)).toEqual(item);
});

it('an activity with more packets than a job takes is refused', () => {
  const many = Array.from({ length: 1000 }, (_, at) => `s3://in/a1/000_${String(at).padStart(6, '0')}.wav`);
  expect(() => batchItems(activities, many, 'x.csv')).toThrow('Activity a1 has 1000 files; a job takes 999.');
});
