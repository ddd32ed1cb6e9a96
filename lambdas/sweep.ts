import { sweepHandler } from '#runtime/sweep';
import { builtIn } from '#workloads/index';

export const handler = sweepHandler(builtIn);
