import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/reconstruct/steps/check-quality';

export const handler = lambdaHandler(step);
