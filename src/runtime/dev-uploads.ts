import { join } from 'node:path';
import { openUploads } from '#adapters/local/uploads';
import type { Uploads } from '#core/ports';
import type { Records } from '#core/records';
import { UPLOAD } from '#jobs/upload';

export interface DevUploadsOptions {
  stateFolder: string;
  records: Pick<Records, 'get'>;
  /** The links to results, which are given here too. */
  links: Pick<Uploads, 'link'>;
  apiUrl: () => string;
  onFault: (thrown: unknown) => void;
}

const HOUR_MS = 60 * 60 * 1000;
// What somebody may still be sending is younger.
const ABANDONED_MS = 24 * HOUR_MS;

/** Takes uploads into the state folder, and sweeps, every hour, what was abandoned. */
export function openDevUploads({ stateFolder, records, links, apiUrl, onFault }: DevUploadsOptions) {
  const store = openUploads(join(stateFolder, 'uploads'), apiUrl);
  const isKnown = async (id: string) => (await records.get(UPLOAD, id)) !== undefined;
  const sweep = () => store.sweep(isKnown, new Date(Date.now() - ABANDONED_MS)).catch(onFault);
  void sweep();
  const timer = setInterval(sweep, HOUR_MS).unref();
  return {
    uploads: { ...store, ...links } satisfies Uploads,
    receive: store.receive,
    /** Where inputs may lie, too. */
    folder: store.folder,
    close: () => clearInterval(timer),
  };
}
