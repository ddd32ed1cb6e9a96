import type { Receipt } from './receipt.ts';

/** What a receipt says of costs, as lines of Markdown. */
export function receiptCosts({ cost, reused }: Pick<Receipt, 'cost' | 'reused'>): string[] {
  const taken = reused.map(
    ({ step, from }) => `- ${step} was not run: it was taken over from ${from}, and cost nothing.`,
  );
  if (!cost) return taken.length > 0 ? [...taken, ''] : [];
  const { usd, prices, vcpuSeconds, gpuSeconds, gbSeconds, transitions, requests, steps = {}, paid } = cost;
  return [
    '## Cost',
    '',
    paid === 'on AWS'
      ? `${dollars(usd)}, ${BASIS} of ${prices}.`
      : `Here: nothing. On AWS the same seconds would have cost ${dollars(usd)}, ${BASIS} of ${prices}.`,
    '',
    `${vcpuSeconds} vCPU-seconds, ${gpuSeconds} GPU-seconds, ${gbSeconds} GB-seconds, ${transitions} state transitions, about ${requests} requests.`,
    '',
    ...Object.entries(steps).map(([step, dollarsOfStep]) => `- ${step}: ${dollars(dollarsOfStep)}`),
    ...taken,
    '',
  ];
}

const BASIS = 'by the list prices of us-east-1 on demand';

/** `$0.0123`; what is less than a hundredth of a cent is told as that. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.0001) return 'less than $0.0001';
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}
