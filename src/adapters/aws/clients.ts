import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The SDK's clients, each loaded when it is first asked for: a function that needs one table pays for one client. */
export interface AwsClients {
  cloudWatchLogs(): Promise<CloudWatchLogsClient>;
  dynamoDb(): Promise<DynamoDBDocumentClient>;
  ecs(): Promise<ECSClient>;
  eventBridge(): Promise<EventBridgeClient>;
  iam(): Promise<IAMClient>;
  s3(): Promise<S3Client>;
  secretsManager(): Promise<SecretsManagerClient>;
  sqs(): Promise<SQSClient>;
  stepFunctions(): Promise<SFNClient>;
}

/** What the SDK else finds in its environment: AWS_REGION, AWS_ENDPOINT_URL and the credential chain. */
export interface ClientSettings {
  region?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

// Adaptive: a throttled client slows itself down. Eight tries are about half a minute; after that the state machine's own
// retry, which costs no machine while it waits, is the better place.
const RETRYING = { retryMode: 'adaptive', maxAttempts: 8 } as const;

// A socket that is silent for this long is dead: S3 and its kin answer in milliseconds.
const TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 30_000 };

// What SQS holds a long poll for at most, with the time of the request itself.
const POLL_TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 60_000 };

export function openClients(settings: ClientSettings = {}): AwsClients {
  const common = { ...RETRYING, requestHandler: TIMEOUTS, ...settings };
  return {
    cloudWatchLogs: once(async () => {
      const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
      return new CloudWatchLogsClient(common);
    }),
    dynamoDb: once(async () => {
      const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
      const { DynamoDBDocumentClient } = await import('@aws-sdk/lib-dynamodb');
      return DynamoDBDocumentClient.from(new DynamoDBClient(common), {
        marshallOptions: { removeUndefinedValues: true },
      });
    }),
    ecs: once(async () => {
      const { ECSClient } = await import('@aws-sdk/client-ecs');
      return new ECSClient(common);
    }),
    eventBridge: once(async () => {
      const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
      return new EventBridgeClient(common);
    }),
    iam: once(async () => {
      const { IAMClient } = await import('@aws-sdk/client-iam');
      return new IAMClient(common);
    }),
    s3: once(async () => {
      const { S3Client } = await import('@aws-sdk/client-s3');
      // Checksums are asked for where bytes are sent. Otherwise the SDK puts the CRC32 of an empty body into what it
      // signs for others, and their uploads fail.
      return new S3Client({
        ...common,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        forcePathStyle: hasOwnEndpoint(settings),
      });
    }),
    secretsManager: once(async () => {
      const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
      return new SecretsManagerClient(common);
    }),
    sqs: once(async () => {
      const { SQSClient } = await import('@aws-sdk/client-sqs');
      return new SQSClient({ ...common, requestHandler: POLL_TIMEOUTS });
    }),
    stepFunctions: once(async () => {
      const { SFNClient } = await import('@aws-sdk/client-sfn');
      return new SFNClient(common);
    }),
  };
}

/** An endpoint other than AWS's own has no host name per bucket. */
function hasOwnEndpoint({ endpoint }: ClientSettings): boolean {
  return Boolean(endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
}

/** Makes the value when it is first asked for; a failure to make it is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = undefined;
      throw thrown;
    });
    return made;
  };
}
