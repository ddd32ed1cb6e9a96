import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ContractError } from '#core/errors';
import { ENDPOINT_LISTS, type EndpointList } from '#core/operator-list';
import type { Endpoint, EndpointSettings, Settings } from '../settings.ts';
import type { Grant } from './grant.ts';

export interface TaskAccess {
  grants: Grant[];
  environment: Record<string, string>;
  secrets: Record<string, ecs.Secret>;
}

/**
 * What a task is given that calls endpoints of a list: the list in clear, and of each token the place in Secrets Manager,
 * which the ECS agent reads as the task starts, and what its role may do for those of SageMaker.
 * @throws ContractError for a token without a secret, and where tasks have no way to the internet.
 */
export function taskAccess(scope: Construct, list: EndpointList, settings: Settings): TaskAccess {
  const listed = listedIn(list, settings);
  if (!listed) return { grants: [], environment: {}, secrets: {} };
  if (settings.natGateways === 0) {
    throw new ContractError(`Tasks have no way to \`endpoints.${list}\` with \`natGateways: 0\`. Set it to 1 or 3.`);
  }
  const secrets = Object.entries(listed.tokens).map(([variable, arn]) => {
    const secret = Secret.fromSecretCompleteArn(scope, `${variable}Secret`, arn);
    return [variable, ecs.Secret.fromSecretsManager(secret)] as const;
  });
  return {
    grants: Object.values(listed.list)
      .filter(isSageMaker)
      .map((endpoint) => invoking(scope, endpoint)),
    environment: listVariable(list, listed),
    secrets: Object.fromEntries(secrets),
  };
}

export interface FunctionAccess {
  environment: Record<string, string>;
  grants: Grant[];
}

/**
 * The same for a function, which has nobody to read secrets for it: it is given their ARNs, and may read those. Functions
 * reach the internet without a gateway.
 * @throws ContractError for a token without a secret.
 */
export function functionAccess(list: EndpointList, settings: Settings): FunctionAccess {
  const listed = listedIn(list, settings);
  if (!listed) return { environment: {}, grants: [] };
  const arns = Object.values(listed.tokens);
  if (arns.length === 0) return { environment: listVariable(list, listed), grants: [] };
  return {
    environment: { ...listVariable(list, listed), STEPREEL_SECRETS: JSON.stringify(listed.tokens) },
    grants: [
      {
        actions: ['secretsmanager:GetSecretValue'],
        resources: arns,
        why: 'The tokens of the endpoints that it calls.',
      },
    ],
  };
}

function listedIn(list: EndpointList, { endpoints }: Settings): EndpointSettings | undefined {
  const listed = endpoints?.[list];
  if (!listed) return undefined;
  const wanted = Object.values(listed.list).flatMap((endpoint) =>
    isSageMaker(endpoint) ? [] : (endpoint.tokenFrom ?? endpoint.apiKeyFrom ?? []),
  );
  const missing = wanted.filter((variable) => listed.tokens[variable] === undefined);
  if (missing.length === 0) return listed;
  throw new ContractError(
    `\`endpoints.${list}.tokens\` has no secret for ${missing.join(', ')}. Name the ARN of each.`,
  );
}

function listVariable(list: EndpointList, { list: entries }: EndpointSettings): Record<string, string> {
  return { [ENDPOINT_LISTS[list]]: JSON.stringify(entries) };
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
