import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError } from '#core/errors';
import type { Choice } from './choose-frames.ts';
import type { VideoCandidate } from './look-at-video.ts';

/** Names the JPEGs of the chosen candidates after their frames, and removes the others. @returns the names. */
export async function keepChosen(candidates: readonly VideoCandidate[], { chosen }: Choice, folder: string) {
  const kept = new Set(chosen);
  const names: string[] = [];
  for (const [at, { file, index }] of candidates.entries()) {
    if (!kept.has(at)) {
      await rm(join(folder, file), { force: true });
      continue;
    }
    const name = `frame_${String(index).padStart(6, '0')}.jpg`;
    await rename(join(folder, file), join(folder, name)).catch((cause: unknown) => {
      throw new ContractError(`ffmpeg decoded frame ${index} and did not write it.`, { cause });
    });
    names.push(name);
  }
  return names;
}
