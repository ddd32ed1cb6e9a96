import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/letter-asr/steps/plan-shards';

export const handler = lambdaHandler(step);
