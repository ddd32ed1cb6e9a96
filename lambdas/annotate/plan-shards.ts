import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/annotate/steps/plan-shards';

export const handler = lambdaHandler(step);
