import { expect, it, vi } from 'vitest';
import { startJsonService } from '../helpers/aws-json-service.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:tutor-AbCdEf';

it('a function finds each of its secrets in the variable that waits for it', async () => {
  const endpoint = await startJsonService({ GetSecretValue: ({ SecretId }) => ({ SecretString: `of ${SecretId}` }) });
  for (const [name, value] of Object.entries({
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  })) {
    vi.stubEnv(name, value);
  }
  const { takeSecrets } = await import('#runtime/secret-variables');
  const variables = { STEPREEL_SECRETS: JSON.stringify({ TUTOR_API_KEY: ARN }) } as Record<string, string>;
  await takeSecrets(variables);
  expect(variables.TUTOR_API_KEY).toBe(`of ${ARN}`);
  vi.unstubAllEnvs();
});

it('a function without secrets asks nobody', async () => {
  const { takeSecrets } = await import('#runtime/secret-variables');
  await expect(takeSecrets({})).resolves.toBeUndefined();
});

it.each(['{', '{"A":"key-1"}'])('a list that is none is refused: %s', async (listed) => {
  const { takeSecrets } = await import('#runtime/secret-variables');
  await expect(takeSecrets({ STEPREEL_SECRETS: listed })).rejects.toMatchObject({
    name: 'ContractError',
    message: expect.stringContaining('STEPREEL_SECRETS'),
  });
});
