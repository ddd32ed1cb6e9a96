import { describe, expect, it } from 'vitest';
import { letterAsrParams, type PreparedPhrase, type ScoredPhrase } from '#workloads/letter-asr/contract';
import { type DrawnActivity, keepForReport } from '#workloads/letter-asr/report/drawn-activities';
import { reportMarkdown } from '#workloads/letter-asr/report/markdown';
import type { ReportData } from '#workloads/letter-asr/report/report-data';
import { reportHtml } from '#workloads/letter-asr/report/report-html';
import { resultsOf } from '#workloads/letter-asr/result/join-results';
import { openSummary } from '#workloads/letter-asr/result/summary';

const EVIL = '<script>alert(1)</script>|`x';

function joined(id: string, ...failures: (string | undefined)[]) {
  const phrases = failures.map(
    (failure, index): PreparedPhrase => ({
      ...{
        index,
        expected: ['a_letter'],
        first: 0,
        samples: 16_000,
        gaps: [4],
        warnings: ['it is silent'],
        segments: [],
      },
      ...(failure === undefined ? {} : { failure }),
    }),
  );
  const letter = { item: 'a_letter', verdict: 'wrong' as const, heard: 'b iː', startSeconds: 0.2, endSeconds: 0.4 };
  const scored = new Map(
    phrases
      .filter(({ failure }) => failure === undefined)
      .map(({ index }): [number, ScoredPhrase] => [
        index,
        {
          ...{ activity: id, index, engine: 'local', outline: [0, 50, 100, 20] },
          letters: [{ ...letter, confidence: 0.9, reason: 'another-unit' }],
          heard: [{ unit: 's', confidence: 0.5, startSeconds: 0.6, endSeconds: 0.7 }],
        },
      ]),
  );
  const prepared = { id, phrases };
  return { prepared, scored, results: resultsOf(prepared, scored) };
}

function dataOf(...activities: ReturnType<typeof joined>[]): ReportData {
  const tally = openSummary();
  const drawn: DrawnActivity[] = [];
  for (const activity of activities) {
    tally.add(activity.results);
    keepForReport(drawn, activity);
  }
  return {
    ...{ summary: tally.summary(), drawn, missing: [EVIL], notes: [EVIL], published: { endpoint: null, published: 0 } },
    ...{ model: { name: 'm', version: '1.0.0', sha256: 'a'.repeat(64) }, params: letterAsrParams.parse({}) },
    ...{ degraded: [], seconds: 1 },
  };
}

describe('the report', () => {
  it('draws each phrase with its letters, and says what is wrong with it', () => {
    const text = reportHtml(dataOf(joined('one', undefined, 'no sound')));
    expect(text.match(/<svg/g)).toHaveLength(1);
    expect(text).toContain('<title>a_letter: wrong, heard b iː</title>');
    expect(text).toContain('(s)');
    expect(text).toContain('Not scored: no sound');
    expect(text).toContain('Packets that never came: 4');
    expect(text).toContain('it is silent');
  });

  it('lets nothing from outside become markup', () => {
    const data = dataOf(joined(EVIL, EVIL));
    expect(reportHtml(data)).not.toContain('<script');
    expect(reportMarkdown(data)).not.toContain('|`x');
  });

  it('stays a page, however many activities there are', () => {
    const many = Array.from({ length: 200 }, (_, at) => joined(`a${at}`, undefined, undefined));
    const text = reportHtml(dataOf(...many));
    expect(text).toContain('160 more activities are in activity-results.jsonl.');
    expect(text.match(/<svg/g)).toHaveLength(80);
  });
});
