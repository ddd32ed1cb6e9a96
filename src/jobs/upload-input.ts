import { InputError } from '#core/errors';
import type { Records } from '#core/records';
import { UPLOAD, type Upload } from './upload.ts';

const UPLOAD_ID = /^(?:upload:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * The same addresses, with the one of its file in place of every upload's id (`upload:<id>`, or the id alone).
 * @throws InputError for an upload that the team does not have, or that is not complete.
 */
export async function uploadedInputs(uris: string[], team: string, records: Pick<Records, 'get'>): Promise<string[]> {
  return await Promise.all(uris.map((uri) => uploadedInput(uri, team, records)));
}

async function uploadedInput(uri: string, team: string, records: Pick<Records, 'get'>): Promise<string> {
  const id = UPLOAD_ID.exec(uri)?.[1];
  if (id === undefined) return uri;
  const record = await records.get<Upload>(UPLOAD, id);
  if (record?.team !== team) {
    throw new InputError(`${uri}: there is no such upload. Name the id that POST /uploads answered with.`);
  }
  const upload = record.value;
  if (upload.completedAt !== undefined) return upload.uri;
  throw new InputError(`${uri} is not complete. Send the file, then POST /uploads/${id}/complete.`);
}
