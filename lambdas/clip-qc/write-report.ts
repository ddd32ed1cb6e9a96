import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/clip-qc/steps/write-report';

export const handler = lambdaHandler(step);
