import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asResourceError } from '#core/disk-full';
import { InputError } from '#core/errors';

export interface Receiving {
  /** Where the bytes are kept while they come. */
  arriving: string;
  /** Where the file is seen, once it is whole. */
  final: string;
  maxBytes: number;
  /** All that may come is all that has to come. */
  isExact: boolean;
  sha256?: string | undefined;
}

/**
 * Writes what comes to a file that nobody sees before all of it has come.
 * @throws InputError as soon as there is more than may be, or when it is not what was announced; nothing is then left of it.
 */
export async function receiveFile(
  { arriving, final, maxBytes, isExact, sha256 }: Receiving,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  await mkdir(dirname(arriving), { recursive: true });
  const file = await open(arriving, 'wx');
  const hash = createHash('sha256');
  let received = 0;
  try {
    for await (const chunk of bytes) {
      received += chunk.length;
      if (received > maxBytes) throw new InputError(`More than ${maxBytes} bytes came, and no more were agreed on.`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.close();
    if (received === 0 || (isExact && received < maxBytes)) {
      throw new InputError(`${received} bytes came instead of ${isExact ? maxBytes : 'at least one'}. Send it again.`);
    }
    const found = hash.digest('hex');
    if (sha256 !== undefined && found !== sha256) {
      throw new InputError(`What came has the SHA-256 ${found} instead of ${sha256}. Send it again.`);
    }
    await mkdir(dirname(final), { recursive: true });
    await rename(arriving, final);
    return { sha256: found, bytes: received };
  } catch (thrown) {
    await file.close().catch(() => {});
    await rm(arriving, { force: true });
    throw asResourceError(thrown, final);
  }
}
