import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookSecrets } from '#core/notices';
import type { JobStore } from '#core/ports';
import { ApiProblem } from './problems.ts';

/** What a link says: which job, and until when (UTC, ISO 8601). */
export interface Shared {
  jobId: string;
  expiresAt: string;
}

const claimSchema = z.tuple([z.string().min(1), z.int().positive()]);

/** A token that stands for the right to look at one job until then. It is signed, and kept nowhere. */
export function signShare({ jobId, expiresAt }: Shared, secret: string): string {
  const claim = Buffer.from(JSON.stringify([jobId, Math.floor(Date.parse(expiresAt) / 1000)])).toString('base64url');
  return `${claim}.${signature(claim, secret)}`;
}

/** @throws ApiProblem for a token that nobody signed, for one whose time is over, and for a job that is gone. */
export async function openShare(
  token: string,
  { jobs, secrets, now = Date.now }: { jobs: Pick<JobStore, 'get'>; secrets: WebhookSecrets; now?: () => number },
) {
  const [claim = '', signed = ''] = token.split('.');
  const [jobId, expiresSeconds] = claimOf(claim) ?? refuseUnknown();
  const job = (await jobs.get(jobId)) ?? refuseUnknown();
  const known = await secrets.of(job.team);
  if (!known.some((secret) => isSame(signature(claim, secret), signed))) refuseUnknown();
  const expiresAt = new Date(expiresSeconds * 1000).toISOString();
  if (expiresSeconds * 1000 > now()) return { job, expiresAt };
  throw new ApiProblem(
    410,
    'LinkExpired',
    `This link to job ${jobId} could be followed until ${expiresAt}.`,
    'Ask whoever sent it for a new one.',
  );
}

// The secret signs webhooks too. No webhook begins like this, so neither signature can stand for the other.
function signature(claim: string, secret: string): string {
  return createHmac('sha256', secret).update(`stepreel-share.${claim}`).digest('base64url');
}

function claimOf(claim: string): z.infer<typeof claimSchema> | undefined {
  try {
    return claimSchema.safeParse(JSON.parse(Buffer.from(claim, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

function isSame(expected: string, found: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(found)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function refuseUnknown(): never {
  throw new ApiProblem(
    404,
    'NoSuchLink',
    'This link leads to no job: it is not whole, was taken back, or its job is gone.',
    'Copy the whole link, or ask whoever sent it for a new one.',
  );
}
