import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/dataset/steps/validate-input';

export const handler = lambdaHandler(step);
