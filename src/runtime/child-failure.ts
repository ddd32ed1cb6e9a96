import { open } from 'node:fs/promises';
import type { ChildEnd } from '#adapters/local/children';
import { oomKills } from '#adapters/local/oom-kills';

// Node tells of a full heap in its last lines, before a stack of some kilobytes.
const LAST_WORDS_BYTES = 16 * 1024;
const ABORTED_EXIT = 134;

/**
 * Looks at what the system says of a child's end that the child can't say itself. Begin before the child does.
 * A kill for want of memory is counted by Linux for the whole control group or machine, so it is told as something that
 * happened meanwhile: with several children at once it may have been another one.
 */
export function watchForFailure(log: string): (end: ChildEnd, told?: string) => Promise<string | undefined> {
  const before = oomKills();
  return async (end, told) => {
    if (end.exitCode === 0) return told;
    const reason = end.killedBy ? `killed by ${end.killedBy}` : told;
    const kills = before === undefined ? 0 : (oomKills() ?? before) - before;
    const remarks = [
      reason,
      kills > 0 ? `Linux counted ${kills} out-of-memory kill${kills === 1 ? '' : 's'} meanwhile` : undefined,
      (await ranOutOfHeap(end, log)) ? 'its log ends with "JavaScript heap out of memory"' : undefined,
    ].filter((remark) => remark !== undefined);
    return remarks.length > 0 ? remarks.join(', and ') : undefined;
  };
}

async function ranOutOfHeap({ exitCode, killedBy }: ChildEnd, log: string): Promise<boolean> {
  if (killedBy !== 'SIGABRT' && exitCode !== ABORTED_EXIT) return false;
  return (await lastWords(log)).includes('JavaScript heap out of memory');
}

async function lastWords(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - LAST_WORDS_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
