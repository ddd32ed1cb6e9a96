import { outsideHandler } from '#runtime/outside/lambda';

export const handler = outsideHandler();
