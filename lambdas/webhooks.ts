import { webhooksHandler } from '#runtime/webhooks/lambda';

export const handler = webhooksHandler();
