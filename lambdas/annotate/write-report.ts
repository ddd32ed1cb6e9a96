import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/annotate/steps/write-report';

export const handler = lambdaHandler(step);
