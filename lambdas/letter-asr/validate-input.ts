import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/letter-asr/steps/validate-input';

export const handler = lambdaHandler(step);
