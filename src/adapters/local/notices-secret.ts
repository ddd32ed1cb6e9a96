import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ContractError } from '#core/errors';
import type { WebhookSecrets } from '#core/notices';

/**
 * Secrets in a file that only its owner can read, one a line, the newest first. It is made with `first` if it is not
 * there. The machine has one team, so they are everybody's.
 */
export function openSecretFile(file: string, first: () => string): WebhookSecrets {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${first()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  return {
    // Read each time: a line that somebody adds takes effect at once.
    async of() {
      const [newest, ...older] = readFileSync(file, 'utf8').split(/\s+/).filter(Boolean);
      if (newest) return [newest, ...older];
      throw new ContractError(`${file} holds no secret for webhooks. Delete it: a new one is made at the next start.`);
    },
  };
}
