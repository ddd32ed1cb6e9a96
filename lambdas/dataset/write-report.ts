import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/dataset/steps/write-report';

export const handler = lambdaHandler(step);
