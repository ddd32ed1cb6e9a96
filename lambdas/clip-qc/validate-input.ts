import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/clip-qc/steps/validate-input';

export const handler = lambdaHandler(step);
