import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeadLetter, DeadLetters } from '#core/ports';

const ENDING = '.json';

/** Dead letters as files of a folder, one per job: of several the newest counts. The folder need not exist. */
export function openDeadLetters(folder: string): DeadLetters {
  const read = async (jobId: string): Promise<DeadLetter | undefined> => {
    if (!isName(jobId)) return undefined;
    const text = await readFile(join(folder, jobId + ENDING), 'utf8').catch(missing);
    return text === undefined ? undefined : (JSON.parse(text) as DeadLetter);
  };

  return {
    async put(letter) {
      const before = await read(letter.jobId);
      if (before && before.endedAt > letter.endedAt) return;
      await mkdir(folder, { recursive: true });
      const hidden = join(folder, `.${randomUUID()}`);
      await writeFile(hidden, JSON.stringify(letter));
      await rename(hidden, join(folder, letter.jobId + ENDING));
    },

    async list() {
      const names = ((await readdir(folder).catch(missing)) ?? []).filter((name) => name.endsWith(ENDING));
      const letters = await Promise.all(names.map((name) => read(name.slice(0, -ENDING.length))));
      const found = letters.filter((letter) => letter !== undefined);
      return found.sort((a, b) => Number(a.endedAt > b.endedAt) - Number(a.endedAt < b.endedAt));
    },

    async remove(jobId) {
      const letter = await read(jobId);
      if (letter) await rm(join(folder, jobId + ENDING), { force: true });
      return letter;
    },
  };
}

/** A job's id is a file name; what somebody types need not be. */
function isName(jobId: string): boolean {
  return /^\w[\w.-]*$/.test(jobId);
}

function missing(thrown: NodeJS.ErrnoException): undefined {
  if (thrown.code !== 'ENOENT') throw thrown;
}
