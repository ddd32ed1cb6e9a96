import { batchesHandler } from '#runtime/batches';
import { builtIn } from '#workloads/index';

export const handler = batchesHandler(builtIn);
