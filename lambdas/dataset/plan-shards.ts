import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/dataset/steps/plan-shards';

export const handler = lambdaHandler(step);
