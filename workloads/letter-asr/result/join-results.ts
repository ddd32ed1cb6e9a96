import type { Artifact } from '#core/artifact';
import { ContractError } from '#core/errors';
import type { StepArtifacts, StepResult } from '#core/step';
import {
  ACTIVITIES_FILE,
  PHRASES_FILE,
  type Prepared,
  type PreparedActivity,
  preparedActivitySchema,
  type Scored,
  type ScoredPhrase,
  scoredPhraseSchema,
} from '../contract.ts';
import { readJsonLines } from '../json-lines.ts';
import type { ActivityResults, PhraseResult } from './activity-results.ts';

/** An activity with all that is known of it. */
export interface JoinedActivity {
  prepared: PreparedActivity;
  /** By phrase index; a phrase without sound is not among them. */
  scored: Map<number, ScoredPhrase>;
  results: ActivityResults;
}

/** Joins what PrepareAudio and the shards left, an activity at a time: both are in the order of the export. */
export async function* joinResults(
  prepared: StepResult<Prepared>,
  shards: StepResult<Scored>[],
  artifacts: Pick<StepArtifacts, 'local'>,
): AsyncGenerator<JoinedActivity> {
  const phrases = scoredPhrases(shards, artifacts);
  try {
    const path = await artifacts.local(named(prepared.artifacts, ACTIVITIES_FILE));
    for await (const activity of readJsonLines(path, preparedActivitySchema)) {
      const scored = new Map<number, ScoredPhrase>();
      for (const { index, failure } of activity.phrases) {
        if (failure === undefined) scored.set(index, await nextOf(phrases, activity.id, index));
      }
      yield { prepared: activity, scored, results: resultsOf(activity, scored) };
    }
  } finally {
    await phrases.return();
  }
}

async function* scoredPhrases(shards: StepResult<Scored>[], artifacts: Pick<StepArtifacts, 'local'>) {
  for (const shard of shards) {
    yield* readJsonLines(await artifacts.local(named(shard.artifacts, PHRASES_FILE)), scoredPhraseSchema);
  }
}

async function nextOf(phrases: AsyncGenerator<ScoredPhrase>, activity: string, index: number): Promise<ScoredPhrase> {
  const { value } = await phrases.next();
  if (value?.activity === activity && value.index === index) return value;
  const found = value ? `phrase ${value.index} of ${value.activity}` : 'the end';
  throw new ContractError(`Expected the score of phrase ${index} of ${activity}, found ${found}.`);
}

/** The document of an activity. Letters of phrases that failed are in none of its counts. */
export function resultsOf(
  { id, storyId, studentId, phrases }: PreparedActivity,
  scored: ReadonlyMap<number, ScoredPhrase>,
): ActivityResults {
  const results = phrases.map((phrase): PhraseResult => {
    const { index, warnings, gaps } = phrase;
    const score = scored.get(index);
    const reason = phrase.failure ?? score?.failure;
    if (reason !== undefined || !score) {
      return { phrase_index: index, status: 'failed', reason: reason ?? 'it has no score', errors: [], warnings, gaps };
    }
    const errors = score.letters.map(({ verdict }) => verdict !== 'correct');
    return { phrase_index: index, status: 'scored', errors, letters: score.letters, warnings, gaps };
  });
  const flags = results.flatMap(({ errors }) => errors);
  const wrong = flags.filter(Boolean).length;
  const failed = results.filter(({ status }) => status === 'failed').length;
  return {
    schema_version: 2,
    activity_id: id,
    ...(storyId === undefined ? {} : { story_id: storyId }),
    ...(studentId === undefined ? {} : { student_id: studentId }),
    status: failed === 0 ? 'complete' : failed === results.length ? 'failed' : 'partial',
    phrases: results,
    error_count: wrong,
    total_alignments: flags.length,
    alignment_accuracy: flags.length === 0 ? 0 : Number(((flags.length - wrong) / flags.length).toFixed(6)),
  };
}

function named(files: Artifact[], name: string): Artifact {
  return files.find((file) => file.name === name)!;
}
