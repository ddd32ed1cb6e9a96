import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/letter-asr/steps/publish-results';

export const handler = lambdaHandler(step);
