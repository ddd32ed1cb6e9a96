import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import type { JoinedActivity } from './join-results.ts';
import { segmentLines } from './segments.ts';
import { waveformLines } from './waveforms.ts';

const FILES = ['activity-results.jsonl', 'segments.jsonl', 'phrases.jsonl', 'waveforms.jsonl'] as const;

export interface ResultFiles {
  write(activity: JoinedActivity): Promise<void>;
  put(artifacts: Pick<StepArtifacts, 'putFile'>): Promise<Artifact[]>;
  close(): Promise<void>;
}

/** Writes the documents of a job activity by activity, so that no number of them fills the memory. */
export async function openResultFiles(folder: string): Promise<ResultFiles> {
  const files = new Map<string, FileHandle>();
  for (const name of FILES) files.set(name, await open(join(folder, name), 'w'));
  const close = async () => {
    for (const [name, file] of files) {
      files.delete(name);
      await file.close();
    }
  };
  return {
    write: async ({ prepared, scored, results }) => {
      const phrases = [...scored.values()].map(({ outline: _outline, ...phrase }) => phrase);
      for (const [at, documents] of [
        [results],
        segmentLines(prepared),
        phrases,
        waveformLines({ prepared, scored }),
      ].entries()) {
        const lines = documents.map((document) => `${JSON.stringify(document)}\n`);
        await files.get(FILES[at]!)!.appendFile(lines.join(''));
      }
    },
    put: async (artifacts) => {
      await close();
      const put: Artifact[] = [];
      for (const name of FILES) put.push(await artifacts.putFile(name, join(folder, name), { result: name }));
      return put;
    },
    close,
  };
}
