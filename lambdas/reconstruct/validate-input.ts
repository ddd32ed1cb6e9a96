import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/reconstruct/steps/validate-input';

export const handler = lambdaHandler(step);
