import { z } from 'zod';
import { ToolError, TransientError } from '#core/errors';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

// Where the agent of ECS gives a task the credentials of its role.
const AGENT = 'http://169.254.170.2';
const AGENT_TIMEOUT_MS = 5_000;
// A call that has begun must not outlive its credentials.
const RENEW_BEFORE_MS = 5 * 60_000;

const answerSchema = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.iso.datetime(),
});

/**
 * Gives the credentials that the variables hold, or else those of the task's role, fetched again before they expire.
 * @throws ToolError where there are neither, TransientError when the agent gives none.
 */
export function awsCredentials(
  variables: NodeJS.ProcessEnv = process.env,
  agent = AGENT,
): () => Promise<AwsCredentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  const { AWS_SESSION_TOKEN: sessionToken, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path } = variables;
  if (accessKeyId && secretAccessKey) return async () => ({ accessKeyId, secretAccessKey, sessionToken });
  if (path) return ofTheRole(`${agent}${path}`);
  throw new ToolError(
    'An endpoint of SageMaker wants credentials of AWS. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a task on AWS has those of its role.',
  );
}

function ofTheRole(url: string): () => Promise<AwsCredentials> {
  let known: { credentials: AwsCredentials; until: number } | undefined;
  return async () => {
    if (known === undefined || Date.now() > known.until) known = await fetchFrom(url);
    return known.credentials;
  };
}

async function fetchFrom(url: string) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(AGENT_TIMEOUT_MS) });
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = answerSchema.parse(await response.json());
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
    return { credentials, until: Date.parse(Expiration) - RENEW_BEFORE_MS };
  } catch (cause) {
    throw new TransientError("The task's role gave no credentials of AWS. Try again.", { cause });
  }
}
