import { describe, expect, it } from 'vitest';
import type { PreparedActivity, PreparedPhrase, ScoredPhrase } from '#workloads/letter-asr/contract';
import { activityResultsSchema, readActivityResults } from '#workloads/letter-asr/result/activity-results';
import { resultsOf } from '#workloads/letter-asr/result/join-results';
import { readSegmentLine, segmentLines, segmentsSchema } from '#workloads/letter-asr/result/segments';
import { gradeCompletion } from '#workloads/letter-asr/result/summary';

const letter = (verdict: 'correct' | 'wrong' | 'missing') => ({
  ...{ item: 'a_letter', verdict, heard: null, startSeconds: null, endSeconds: null },
  ...{ confidence: 0, reason: 'nothing-heard' },
});

const prepared = (index: number, more: Partial<PreparedPhrase> = {}): PreparedPhrase => ({
  ...{ index, expected: ['a_letter'], first: index * 16_000, samples: 16_000, gaps: [], warnings: [] },
  segments: [{ file: `${index}.wav`, sequence: index + 1, first: index * 16_000, samples: 16_000 }],
  ...more,
});

const scored = (index: number, ...verdicts: ('correct' | 'wrong' | 'missing')[]): ScoredPhrase => ({
  ...{ activity: 'a', index, letters: verdicts.map(letter), heard: [], engine: 'local', outline: [] },
});

const results = (phrases: PreparedPhrase[], scores: ScoredPhrase[]) =>
  resultsOf({ id: 'a', phrases }, new Map(scores.map((score) => [score.index, score])));

describe('the result of an activity', () => {
  it('has a flag for each letter, by phrase, and adds them up', () => {
    const document = results(
      [prepared(0), prepared(1)],
      [scored(0, 'correct', 'wrong'), scored(1, 'missing', 'correct')],
    );
    expect(document).toMatchObject({
      status: 'complete',
      phrases: [
        { phrase_index: 0, errors: [false, true] },
        { phrase_index: 1, errors: [true, false] },
      ],
      ...{ error_count: 2, total_alignments: 4, alignment_accuracy: 0.5 },
    });
    expect(activityResultsSchema.parse(document)).toEqual(document);
  });

  it('is partial when a phrase failed, keeps the index of the others, and counts no letter of it', () => {
    const document = results([prepared(0, { failure: 'no sound' }), prepared(2)], [scored(2, 'correct')]);
    expect(document).toMatchObject({
      status: 'partial',
      phrases: [
        { phrase_index: 0, status: 'failed', reason: 'no sound', errors: [] },
        { phrase_index: 2, status: 'scored', errors: [false] },
      ],
      ...{ error_count: 0, total_alignments: 1, alignment_accuracy: 1 },
    });
  });

  it('is partial when a phrase could not be decoded', () => {
    const failure = { ...scored(1), failure: 'strange token' };
    expect(results([prepared(0), prepared(1)], [scored(0, 'correct'), failure]).phrases[1]).toMatchObject({
      status: 'failed',
      reason: 'strange token',
    });
  });

  it('is failed when all of them did, and accuracy is 0 where nothing was asked for', () => {
    expect(results([prepared(0, { failure: 'x' })], []).status).toBe('failed');
    expect(results([prepared(0)], [scored(0)])).toMatchObject({
      status: 'complete',
      total_alignments: 0,
      alignment_accuracy: 0,
    });
  });
});

describe('activity-results of version 1 are read as version 2', () => {
  const first = {
    activity_id: 'a',
    status: 'success',
    pipeline_results: { errors: [[false, true], []], error_count: 1, total_alignments: 2, alignment_accuracy: 0.5 },
    processing_time: 12.5,
    timestamp: '2025-01-01T00:00:00Z',
    processor: 'cpu',
    schema_version: 1,
    correlation_id: 'c',
    something: 'more',
  };

  it('with everything that version 2 asks for', () => {
    const second = readActivityResults(first);
    expect(activityResultsSchema.parse(second)).toEqual(second);
    expect(second).toMatchObject({
      schema_version: 2,
      activity_id: 'a',
      status: 'complete',
      phrases: [
        { phrase_index: 0, errors: [false, true] },
        { phrase_index: 1, errors: [] },
      ],
      ...{ error_count: 1, total_alignments: 2, alignment_accuracy: 0.5 },
    });
  });

  it('whatever way the version was written', () => {
    for (const schema_version of ['1', '1.0', 'v1']) {
      expect(readActivityResults({ ...first, schema_version }).schema_version).toBe(2);
    }
    expect(readActivityResults({ ...first, status: 'failed' }).status).toBe('failed');
  });

  it('and version 2 is read as it is', () => {
    const document = results([prepared(0)], [scored(0, 'correct')]);
    expect(readActivityResults(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it.each([
    { name: 'a version that is not known', document: { ...first, schema_version: 3 } },
    { name: 'no version', document: { ...first, schema_version: undefined } },
    { name: 'no errors', document: { ...first, pipeline_results: {} } },
    { name: 'nothing', document: null },
  ])('$name is refused', ({ document }) => {
    expect(() => readActivityResults(document)).toThrow(expect.objectContaining({ name: 'ContractError' }));
  });
});

describe('segments', () => {
  it('tell where each file lies in its activity', () => {
    const activity: PreparedActivity = { id: 'a', phrases: [prepared(0), prepared(1)] };
    const lines = segmentLines(activity);
    expect(lines.map((line) => segmentsSchema.parse(line))).toMatchObject([
      { activity_id: 'a', phrase_index: 0, sequence: 1, start_ms: 0, end_ms: 1000, file: '0.wav' },
      { activity_id: 'a', phrase_index: 1, sequence: 2, start_ms: 1000, end_ms: 2000, file: '1.wav' },
    ]);
  });

  it('of version 1 are read as version 2', () => {
    const first = { activityId: 'a', phraseIndex: 1, start_ms: 10, end_ms: 20, s3_uri: 's3://bucket/a/x.wav' };
    expect(segmentsSchema.parse(readSegmentLine(first))).toEqual({
      ...{
        schema_version: 2,
        activity_id: 'a',
        phrase_index: 1,
        sequence: null,
        start_ms: 10,
        end_ms: 20,
        file: 'x.wav',
      },
    });
    expect(() => readSegmentLine({ ...first, phraseIndex: -1 })).toThrow(
      expect.objectContaining({ name: 'ContractError' }),
    );
  });
});

it.each([
  { total: 100, succeeded: 95, deadLetters: 0, grade: 'excellent' },
  { total: 100, succeeded: 100, deadLetters: 1, grade: 'success' },
  { total: 100, succeeded: 94, deadLetters: 0, grade: 'success' },
  { total: 100, succeeded: 80, deadLetters: 4, grade: 'success' },
  { total: 100, succeeded: 80, deadLetters: 5, grade: 'issues' },
  { total: 100, succeeded: 50, deadLetters: 50, grade: 'issues' },
  { total: 100, succeeded: 49, deadLetters: 0, grade: 'failed' },
  { total: 0, succeeded: 0, deadLetters: 0, grade: 'failed' },
])('$succeeded of $total with $deadLetters dead letters is $grade', ({ grade, ...outcome }) => {
  expect(gradeCompletion(outcome)).toBe(grade);
});
