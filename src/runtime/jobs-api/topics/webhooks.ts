import { z } from 'zod';
import type { WebhookSecrets } from '#core/notices';
import { RequestRefused } from '#jobs/refusal';
import type { Answers, Operations } from '../operation.ts';

export const webhookSecretsSchema = z
  .object({
    secrets: z.array(z.string()).min(1).describe('The newest first; each webhook is signed with every one of them'),
  })
  .meta({ id: 'WebhookSecrets' });

export const WEBHOOKS = {
  readWebhookSecrets: {
    method: 'get',
    path: '/webhooks/secrets',
    summary: "What the team's webhooks are signed with, for those who receive them",
    answers: { 200: webhookSecretsSchema },
    problems: [501],
  },
} satisfies Operations;

export interface WebhookPorts {
  webhookSecrets?: WebhookSecrets;
}

export function webhookAnswers({ webhookSecrets }: WebhookPorts): Answers<typeof WEBHOOKS> {
  return {
    async readWebhookSecrets(context, { team }) {
      if (!webhookSecrets) {
        throw new RequestRefused(
          'NotOffered',
          'This API sends no webhooks.',
          'Follow the job with GET /jobs/{id}/stream.',
        );
      }
      // A secret is for one reader, and for none of the stores between.
      return context.json({ secrets: await webhookSecrets.of(team) }, 200, { 'Cache-Control': 'no-store' });
    },
  };
}
