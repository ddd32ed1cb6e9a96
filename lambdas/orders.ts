import { ordersHandler } from '#runtime/orders';
import { builtIn } from '#workloads/index';

export const handler = ordersHandler(builtIn);
