import { statfs } from 'node:fs/promises';
import { ResourceError } from '#core/errors';

// Left free for what grows beside artifacts: the job database, logs, other programs.
const RESERVE_BYTES = 64 * 1024 ** 2;

/** Measures the free bytes of the file system that a folder lies on. */
export type FreeBytes = (folder: string) => Promise<number>;

export const freeBytesOf: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/**
 * Checks that there is room before something is fetched or written.
 * @throws ResourceError with what is needed and what is free, in bytes.
 */
export async function requireFreeDisk(folder: string, needed: number, freeBytes: FreeBytes = freeBytesOf) {
  const free = await freeBytes(folder);
  if (free >= needed + RESERVE_BYTES) return;
  throw new ResourceError(
    `${folder} has ${mebibytes(free)} MiB free, and ${mebibytes(needed)} MiB are needed beside a reserve of ${mebibytes(RESERVE_BYTES)} MiB. Free some space, or use a folder on another disk.`,
    { details: { folder, needed, free } },
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(0);
}
