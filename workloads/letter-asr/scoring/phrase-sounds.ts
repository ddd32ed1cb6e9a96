import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import { openMonoWav } from '#media/wav';
import { ACTIVITIES_FILE, type PreparedPhrase, preparedActivitySchema } from '../contract.ts';
import { SAMPLE_RATE_HZ } from '../defaults.ts';
import { readJsonLines } from '../json-lines.ts';
import { groupPhrases } from './group-phrases.ts';

/** Neighbouring phrases with their sound and some of what is around it. */
export interface GroupSound {
  activity: string;
  phrases: PreparedPhrase[];
  /** Place of the first sample in the activity's sound. */
  from: number;
  samples: Float32Array;
}

interface SoundRequest {
  files: Artifact[];
  artifacts: Pick<StepArtifacts, 'local'>;
  contextSeconds: number;
  /** Which of the usable phrases. */
  first: number;
  count: number;
}

// With 3 s of context on both sides as much as a model hears in one window.
const GROUP_SECONDS = 24;

/**
 * The usable phrases of a shard with their sound, in the order of the export. Groups do not depend on the shards, so that
 * a phrase is heard among the same neighbours however many shards there are.
 */
export async function* phraseSounds(request: SoundRequest): AsyncGenerator<GroupSound> {
  const { files, artifacts, contextSeconds, first, count } = request;
  const byName = new Map(files.map((file) => [file.name, file]));
  const lines = await artifacts.local(byName.get(ACTIVITIES_FILE)!);
  const rule = {
    contextSamples: Math.round(contextSeconds * SAMPLE_RATE_HZ),
    mostSamples: GROUP_SECONDS * SAMPLE_RATE_HZ,
  };
  let at = 0;
  for await (const activity of readJsonLines(lines, preparedActivitySchema)) {
    const usable = activity.phrases.filter(({ failure }) => failure === undefined);
    const wanted = new Set(usable.slice(Math.max(0, first - at), Math.max(0, first + count - at)));
    at += usable.length;
    if (wanted.size > 0) {
      const audio = await openMonoWav(await artifacts.local(byName.get(activity.audio!)!));
      try {
        for (const { from, to, phrases } of groupPhrases(usable, rule)) {
          const own = phrases.filter((phrase) => wanted.has(phrase));
          if (own.length === 0) continue;
          yield { activity: activity.id, phrases: own, from, samples: await audio.read(from, to - from) };
        }
      } finally {
        await audio.close();
      }
    }
    if (at >= first + count) return;
  }
}
