import { join } from 'node:path';
import { openEventBus } from '#adapters/local/event-bus';
import { openLogs } from '#adapters/local/logs';
import { openDeliveries } from '#adapters/local/notices-folder';
import { openSecretFile } from '#adapters/local/notices-secret';
import type { Announce } from './local.ts';
import { openWebhooks } from './webhooks/deliver.ts';
import { ANYWHERE, PUBLIC_ONLY, refuseReceiver } from './webhooks/receivers.ts';
import { newSecret } from './webhooks/signature.ts';

export interface DevNoticesOptions {
  stateFolder: string;
  /** Webhooks may go to receivers on this machine and in its networks. */
  allowPrivateWebhooks?: boolean;
  onFault: (thrown: unknown) => void;
}

/** How jobs on this machine are told of: streams and logs for who asks here, webhooks for who does not. */
export function openDevNotices({ stateFolder, allowPrivateWebhooks = false, onFault }: DevNoticesOptions) {
  const changes = openEventBus();
  const webhookSecrets = openSecretFile(join(stateFolder, 'webhook-secret'), newSecret);
  const rule = allowPrivateWebhooks ? ANYWHERE : PUBLIC_ONLY;
  const deliveries = openDeliveries(join(stateFolder, 'webhooks'));
  const webhooks = openWebhooks({ deliveries, secrets: webhookSecrets, rule, onFault });
  const announce: Announce = {
    notices: webhooks,
    changed: (jobId, progress) => changes.tell({ jobId, ...(progress ? { progress } : {}) }),
    onFault,
  };
  return {
    announce,
    webhooks,
    /** For the API. */
    ports: {
      changes,
      webhookSecrets,
      logs: openLogs(join(stateFolder, 'logs')),
      refuseReceiver: (url: string) => refuseReceiver(url, rule),
    },
  };
}
