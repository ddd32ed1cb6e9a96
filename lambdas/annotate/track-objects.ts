import { lambdaHandler } from '#runtime/lambda';
import step from '#workloads/annotate/steps/track-objects';

export const handler = lambdaHandler(step);
