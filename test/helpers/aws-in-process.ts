import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { buildApp } from 'fauxqs';
import { afterAll } from 'vitest';
import { type AwsClients, openClients } from '#adapters/aws/clients';

/** Any region and any key: nobody here checks a signature. */
export const ANYBODY = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** S3 and SQS of this process. @returns where they listen. */
export async function startS3AndSqs(): Promise<string> {
  const app = buildApp({ logger: false, host: '127.0.0.1' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  afterAll(() => app.close());
  return endpointOf(app.server);
}

/** DynamoDB of this process. @returns where it listens. */
export async function startDynamoDb(): Promise<string> {
  const server = dynalite({ createTableMs: 0 });
  return await listening(server);
}

export function clientsAt(endpoint: string): AwsClients {
  return openClients({ ...ANYBODY, endpoint });
}

/** Lets a server listen on this machine alone, until the tests of the file are over. @returns where. */
export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return endpointOf(server);
}

export function endpointOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
