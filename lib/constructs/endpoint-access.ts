import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ContractError } from '#core/errors';
import type { Endpoint, Settings } from '../settings.ts';
import type { Grant } from './grant.ts';

export interface EndpointAccess {
  grants: Grant[];
  environment: Record<string, string>;
  secrets: Record<string, ecs.Secret>;
}

/**
 * What a task is given that calls the operator's endpoints: their list in clear, of each token the place in Secrets Manager,
 * which the ECS agent reads as the task starts, and what its role may do for those of SageMaker.
 * @throws ContractError for a token without a secret, and where tasks have no way to the internet.
 */
export function endpointAccess(scope: Construct, { endpoints, natGateways }: Settings): EndpointAccess {
  if (!endpoints) return { grants: [], environment: {}, secrets: {} };
  if (natGateways === 0) {
    throw new ContractError('Tasks have no way to `endpoints` with `natGateways: 0`. Set it to 1 or 3.');
  }
  const wanted = Object.values(endpoints.list).flatMap((endpoint) =>
    isSageMaker(endpoint) ? [] : (endpoint.tokenFrom ?? []),
  );
  const missing = wanted.filter((variable) => endpoints.tokens[variable] === undefined);
  if (missing.length > 0) {
    throw new ContractError(`\`endpoints.tokens\` has no secret for ${missing.join(', ')}. Name the ARN of each.`);
  }
  const secrets = Object.entries(endpoints.tokens).map(([variable, arn]) => {
    const secret = Secret.fromSecretCompleteArn(scope, `${variable}Secret`, arn);
    return [variable, ecs.Secret.fromSecretsManager(secret)] as const;
  });
  return {
    grants: Object.values(endpoints.list)
      .filter(isSageMaker)
      .map((endpoint) => invoking(scope, endpoint)),
    environment: { STEPREEL_ENDPOINTS: JSON.stringify(endpoints.list) },
    secrets: Object.fromEntries(secrets),
  };
}

type SageMakerEndpoint = Extract<Endpoint, { protocol: 'sagemaker' }>;

function isSageMaker(endpoint: Endpoint): endpoint is SageMakerEndpoint {
  return endpoint.protocol === 'sagemaker';
}

function invoking(scope: Construct, { endpoint, region }: SageMakerEndpoint): Grant {
  return {
    actions: ['sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint'],
    // SageMaker writes names of endpoints in small letters there.
    resources: [
      Stack.of(scope).formatArn({
        service: 'sagemaker',
        region,
        resource: 'endpoint',
        resourceName: endpoint.toLowerCase(),
      }),
    ],
    why: 'Shows frames to an endpoint that the operator has listed.',
  };
}
