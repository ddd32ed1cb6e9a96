import { uploadTriggerHandler } from '#runtime/upload-trigger';
import { builtIn } from '#workloads/index';

export const handler = uploadTriggerHandler(builtIn);
