import { authorizerHandler } from '#runtime/authorizer';

export const handler = authorizerHandler();
