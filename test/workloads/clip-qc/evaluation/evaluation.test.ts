import { describe, expect, it } from 'vitest';
import { objectionsTo } from '#workloads/clip-qc/evaluation/gate';
import { readLabels } from '#workloads/clip-qc/evaluation/labels';
import { type Evaluation, type JudgedClip, scoresOf } from '#workloads/clip-qc/evaluation/scores';
import type { Category } from '#workloads/clip-qc/result';

const HEAD = 'clip_id,path,artifact,artifact_category,source,notes';

describe('labels', () => {
  it('may hold quotes, commas and line breaks in a note', () => {
    const [clip] = readLabels(
      `${HEAD}\r\na,a.mp4,true,TEMPORAL_FLICKER,web,"says ""oh"",\nthen stops"\r\n`,
      'labels.csv',
    );
    expect(clip).toEqual({
      ...{ clip_id: 'a', path: 'a.mp4', artifact: true, artifact_category: 'TEMPORAL_FLICKER', source: 'web' },
      notes: 'says "oh",\nthen stops',
    });
  });

  it.each([
    { name: 'no labels', csv: HEAD, says: 'no labels' },
    { name: 'an unknown category', csv: `${HEAD}\na,a.mp4,true,BLUR,,`, says: 'label 1' },
    { name: 'a contradiction', csv: `${HEAD}\na,a.mp4,false,TEMPORAL_FLICKER,,`, says: 'contradict' },
    { name: 'a clip without a path', csv: `${HEAD}\na,,false,NONE,,`, says: 'path' },
    { name: 'a clip twice', csv: `${HEAD}\na,a.mp4,false,NONE,,\na,b.mp4,false,NONE,,`, says: 'twice' },
  ])('refuses $name', ({ csv, says }) => expect(() => readLabels(csv, 'labels.csv')).toThrow(says));
});

const clips = (expected: Category, found: Category, count: number): JudgedClip[] =>
  Array.from({ length: count }, (_, at) => ({ clipId: `${expected}-${found}-${at}`, expected, found }));

describe('scores', () => {
  const judged = [
    ...clips('TEXT_INCONSISTENCY', 'TEXT_INCONSISTENCY', 9),
    ...clips('TEXT_INCONSISTENCY', 'NONE', 1),
    ...clips('TEMPORAL_FLICKER', 'TEMPORAL_FLICKER', 4),
    ...clips('NONE', 'TEMPORAL_FLICKER', 1),
    ...clips('NONE', 'NONE', 5),
  ];

  it('count rows of what is there by columns of what was found', () => {
    expect(scoresOf(judged).confusion_matrix).toEqual([
      [5, 0, 1],
      [1, 9, 0],
      [0, 0, 4],
    ]);
  });

  it('give precision, recall and F1 per category and for artifact or not', () => {
    const { per_class: scores, binary } = scoresOf(judged);
    expect(scores.TEXT_INCONSISTENCY).toMatchObject({ precision: 1, recall: 0.9, support: 10 });
    expect(scores.TEMPORAL_FLICKER).toMatchObject({ precision: 0.8, recall: 1 });
    expect(binary).toMatchObject({ precision: 13 / 14, recall: 13 / 14, support: 14 });
  });

  it('name the clips that were mistaken, and what for', () => {
    expect(scoresOf(judged).mistaken_clips).toEqual([
      { clip_id: 'TEXT_INCONSISTENCY-NONE-0', expected: 'TEXT_INCONSISTENCY', found: 'NONE' },
      { clip_id: 'NONE-TEMPORAL_FLICKER-0', expected: 'NONE', found: 'TEMPORAL_FLICKER' },
    ]);
  });

  it('are 0, not NaN, where there is nothing to count', () => {
    expect(scoresOf([]).per_class.NONE).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });
});

describe('the gate', () => {
  const model = { name: 'm', version: '1.0.0', sha256: 'a'.repeat(64) };
  const evaluation = (judged: JudgedClip[], change: Partial<Evaluation> = {}): Evaluation => ({
    ...{ model, text_engine: { name: 'tesseract.js', version: '5' }, threshold: 0.5, failed_clips: [] },
    ...scoresOf(judged),
    ...change,
  });
  const good = [
    ...clips('TEXT_INCONSISTENCY', 'TEXT_INCONSISTENCY', 5),
    ...clips('TEMPORAL_FLICKER', 'TEMPORAL_FLICKER', 5),
  ];

  it('lets a good model pass', () => expect(objectionsTo(model, evaluation(good))).toEqual([]));

  it.each([
    { name: 'too few clips', of: evaluation(good.slice(1)), says: 'only 9 hold-out clips' },
    {
      name: 'a recall below 0.85',
      of: evaluation([...good, ...clips('TEMPORAL_FLICKER', 'NONE', 1)]),
      says: 'TEMPORAL_FLICKER: recall is 0.833',
    },
    {
      name: 'a precision below 0.7',
      of: evaluation([...good, ...clips('NONE', 'TEXT_INCONSISTENCY', 3)]),
      says: 'TEXT_INCONSISTENCY: precision is 0.625',
    },
    {
      name: 'a category nobody looked at',
      of: evaluation(clips('TEMPORAL_FLICKER', 'TEMPORAL_FLICKER', 12)),
      says: 'no hold-out clip has TEXT',
    },
    {
      name: 'clips that failed',
      of: evaluation(good, { failed_clips: [{ clip_id: 'x', error: 'e' }] }),
      says: 'could not be judged',
    },
    {
      name: 'criteria that were written by hand',
      of: evaluation([...good, ...clips('NONE', 'TEXT_INCONSISTENCY', 12)], { criteria: [] }),
      says: 'precision',
    },
  ])('refuses $name', ({ of, says }) => expect(objectionsTo(model, of).join('\n')).toContain(says));

  it('refuses the evaluation of another model', () => {
    expect(() => objectionsTo({ ...model, sha256: 'b'.repeat(64) }, evaluation(good))).toThrow('Evaluate this model');
  });
});
