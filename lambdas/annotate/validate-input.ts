import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/annotate/steps/validate-input';

export const handler = lambdaHandler(step);
