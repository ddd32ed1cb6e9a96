import { expect, it } from 'vitest';
import { readSecret } from '#adapters/aws/secrets';
import { clientsAt } from '../../helpers/aws-in-process.ts';
import { ServiceFault, startJsonService } from '../../helpers/aws-json-service.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:tutor-AbCdEf';

async function secretAnswering(answer: () => unknown) {
  const asked: string[] = [];
  const endpoint = await startJsonService({
    GetSecretValue({ SecretId }) {
      asked.push(SecretId);
      return answer();
    },
  });
  return { secretsManager: await clientsAt(endpoint).secretsManager(), asked };
}

it('a secret is read by its whole ARN', async () => {
  const { secretsManager, asked } = await secretAnswering(() => ({ ARN, SecretString: 'key-1' }));
  expect(await readSecret(secretsManager, ARN)).toBe('key-1');
  expect(asked).toEqual([ARN]);
});

it('a secret of bytes is no token', async () => {
  const { secretsManager } = await secretAnswering(() => ({ ARN, SecretBinary: 'AAAA' }));
  await expect(readSecret(secretsManager, ARN)).rejects.toMatchObject({ name: 'ToolError' });
});

it('a secret that may not be read is told as the service tells it', async () => {
  const { secretsManager } = await secretAnswering(() => {
    throw new ServiceFault('AccessDeniedException');
  });
  await expect(readSecret(secretsManager, ARN)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
