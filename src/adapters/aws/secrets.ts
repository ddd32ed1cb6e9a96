import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ToolError } from '#core/errors';
import { answerOf } from './service-errors.ts';

/**
 * The text of a secret in Secrets Manager, by its whole ARN.
 * @throws ToolError for a secret without a text.
 */
export async function readSecret(secretsManager: SecretsManagerClient, arn: string): Promise<string> {
  const { SecretString } = await answerOf(secretsManager.send(new GetSecretValueCommand({ SecretId: arn })));
  if (SecretString) return SecretString;
  throw new ToolError(`Expected a text in the secret ${arn}, found none. Store the token as a secret string.`);
}
