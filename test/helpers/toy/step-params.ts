import { z } from 'zod';

const fault = z.string().optional();

/** The part of a toy job's parameters that each step reads. */
export const toyStepParams = {
  CheckWords: z.object({}),
  SplitWords: z.object({ fault }),
  PlanCounts: z.object({ routeBytes: z.int().optional() }),
  CountLetters: z.object({ fault, color: z.string().optional() }),
  WriteReport: z.object({ partial: z.boolean().optional() }),
};
