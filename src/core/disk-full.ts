import { ResourceError } from './errors.ts';

/** A thrown ENOSPC or EDQUOT as what it means for the folder that was written to; anything else as it is. */
export function asResourceError(thrown: unknown, folder: string): unknown {
  const { code } = thrown as { code?: string };
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return thrown;
  return new ResourceError(`The disk of ${folder} is full. Free some space, or use a folder on another disk.`, {
    details: { folder },
    cause: thrown,
  });
}
