import { jobsApiHandler } from '#runtime/jobs-api/lambda';
import { builtIn } from '#workloads/index';

export const handler = jobsApiHandler(builtIn);
