import { describe, expect, it } from 'vitest';
import { NO_CHARGE } from '#core/price';
import { type ReceiptFacts, receiptDocuments } from '#jobs/receipt';
import { dollars } from '#jobs/receipt-costs';
import { aJob } from '../conformance/job-store.ts';

const charge = { ...NO_CHARGE, vcpuSeconds: 120, usd: 0.0123, prices: '2026-01-01', steps: { Cut: 0.012 } };
const record = {
  step: 'Cut',
  attempt: 1,
  startedAt: '2026-01-01T00:00:00Z',
  seconds: 60,
  cpuSeconds: 50,
  peakMemoryMiB: 90,
};

function documents(facts: Partial<ReceiptFacts> = {}) {
  const attempts = [{ step: 'Cut', attempt: 1, record }];
  const texts = receiptDocuments({ job: aJob({ charge }), attempts, versions: { node: '24' }, ...facts });
  return { json: JSON.parse(texts['receipt.json']), markdown: texts['receipt.md'] };
}

describe('a receipt', () => {
  it('on a machine of your own says what AWS would have cost, and that nothing was paid', () => {
    const { json, markdown } = documents();
    expect(json.cost).toEqual({ ...charge, paid: 'nothing: it ran on a machine of your own' });
    expect(markdown).toContain('Here: nothing. On AWS the same seconds would have cost $0.0123');
    expect(markdown).toContain('- Cut: $0.0120');
  });

  it('on AWS says what it cost, by which prices', () => {
    const { json, markdown } = documents({ onAws: true });
    expect(json.cost.paid).toBe('on AWS');
    expect(markdown).toContain('$0.0123, by the list prices of us-east-1 on demand of 2026-01-01.');
    expect(markdown).not.toContain('Here: nothing');
  });

  it('of a job that has not ended has no cost', () => {
    const { json, markdown } = documents({ job: aJob() });
    expect(json.cost).toBeUndefined();
    expect(markdown).not.toContain('Cost');
  });

  it('shows steps that were taken over, which cost nothing and are no failed attempts', () => {
    const reused = [{ step: 'Cut', from: 'toy-0' }];
    const attempts = [{ step: 'Cut', attempt: 1, record: { ...record, seconds: 0, reusedFrom: 'toy-0' } }];
    const { json, markdown } = documents({ job: aJob({ charge, reused }), attempts });
    expect(json).toMatchObject({ reused, attempts: [{ ended: 'reused' }] });
    expect(markdown).toContain('Cut was not run: it was taken over from toy-0, and cost nothing.');
    expect(markdown).not.toContain('left no result');
  });
});

it.each([
  { usd: 0, text: '$0' },
  { usd: 0.00001, text: 'less than $0.0001' },
  { usd: 0.01234, text: '$0.0123' },
  { usd: 12.345, text: '$12.35' },
])('$usd dollars are told as $text', ({ usd, text }) => {
  expect(dollars(usd)).toBe(text);
});
