import { z } from 'zod';

const bandSchema = z
  .object({ low: z.number(), likely: z.number(), high: z.number() })
  .describe('One job in ten is below `low`, one in ten above `high`')
  .meta({ id: 'Band' });

/** What a job would take. */
export const quoteSchema = z
  .object({
    seconds: bandSchema,
    usd: bandSchema,
    basis: z.object({
      jobs: z.int().describe('How many past jobs it is told from'),
      how: z.string(),
    }),
    wait: z
      .object({ seconds: z.number().optional(), reason: z.string() })
      .describe('For its turn in the queue; no `seconds` where nobody can tell'),
    prices: z.string().describe('The date of the price table'),
  })
  .meta({ id: 'Quote' });
