import { z } from 'zod';
import { ToolError, TransientError } from '#core/errors';
import { awsCredentials } from './aws-credentials.ts';
import { signedHeaders } from './aws-signature.ts';
import { type Authorize, type CallEndpoint, PictureRefused } from './call-endpoint.ts';
import type { EndpointConfig } from './endpoint-config.ts';

export type SageMakerConfig = Extract<EndpointConfig, { protocol: 'sagemaker' }>;

/** Where an endpoint takes pictures. */
export function invocationsOf({ endpoint, region, address }: SageMakerConfig): string {
  return `${address ?? `https://runtime.sagemaker.${region}.amazonaws.com`}/endpoints/${endpoint}/invocations`;
}

/** Signs calls with the credentials of whoever runs the step. @throws ToolError where there are none. */
export function signFor({ region }: SageMakerConfig): Authorize {
  const credentials = awsCredentials();
  return async (request) =>
    signedHeaders(request, { service: 'sagemaker', region, credentials: await credentials(), now: new Date() });
}

const describedSchema = z.object({ EndpointStatus: z.string() });

/**
 * Asks SageMaker whether an endpoint is in service.
 * @throws TransientError when it is not, ToolError when there is no endpoint of this name.
 */
export async function requireInService(name: string, config: SageMakerConfig, call: CallEndpoint): Promise<void> {
  const { endpoint, region, address } = config;
  const { EndpointStatus: status } = await call({
    url: `${address ?? `https://api.sagemaker.${region}.amazonaws.com`}/`,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'SageMaker.DescribeEndpoint' },
    body: JSON.stringify({ EndpointName: endpoint }),
  }).then(
    ({ bytes }) => describedSchema.parse(JSON.parse(Buffer.from(bytes).toString())),
    (thrown) => {
      if (!(thrown instanceof PictureRefused)) throw thrown;
      throw new ToolError(
        `The endpoint ${name} can't be used: SageMaker knows no endpoint ${endpoint} in ${region}. Correct its name or its region.`,
        { details: { endpoint: name } },
      );
    },
  );
  if (status === 'InService') return;
  throw new TransientError(`The endpoint ${name} is not in service: SageMaker says ${status}.`, {
    details: { endpoint: name, status },
  });
}
