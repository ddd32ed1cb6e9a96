import { settlementHandler } from '#runtime/settlement';
import { builtIn } from '#workloads/index';

export const handler = settlementHandler(builtIn);
