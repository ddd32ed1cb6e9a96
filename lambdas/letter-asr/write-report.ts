import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/letter-asr/steps/write-report';

export const handler = lambdaHandler(step);
