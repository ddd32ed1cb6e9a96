import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/reconstruct/steps/write-report';

export const handler = lambdaHandler(step);
