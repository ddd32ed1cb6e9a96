import { InputError } from '#core/errors';
import type { JobInput } from '#core/job';
import type { StepArtifacts } from '#core/step';
import type { LetterAsrParams } from '../contract.ts';
import type { Activity } from './activity.ts';
import { readActivities } from './read-activities.ts';
import { ACTIVITY_ENDINGS } from './read-rows.ts';
import { isCompleteRecording, parseSegmentName } from './segment-name.ts';

/** An activity with the files that belong to it. */
export interface ActivityFiles {
  activity: Activity;
  files: JobInput[];
}

type Selection = Pick<LetterAsrParams, 'activities' | 'activityFrom'>;

/**
 * The activities that a job scores, each with its wav files, in the order of the export.
 * @throws InputError when the inputs are not one file of activities and wav files, or no file belongs to an activity.
 */
export async function activitiesOfJob(
  input: readonly JobInput[],
  selection: Selection,
  artifacts: Pick<StepArtifacts, 'local'>,
): Promise<{ activities: ActivityFiles[]; notes: string[] }> {
  const { list, recordings } = sortedInputs(input);
  const { activities, notes } = await readActivities(await artifacts.local(list), list.name);
  const chosen = choose(activities, selection.activities);
  const owned = new Map(chosen.map((activity) => [activity.id, [] as JobInput[]]));
  for (const file of recordings) {
    const owner = ownerOf(file, chosen, selection.activityFrom);
    if (owner) owned.get(owner.id)!.push(file);
    else notes.push(`${file.name} belongs to no activity that is scored`);
  }
  if ([...owned.values()].every(({ length }) => length === 0)) throw unowned(recordings, chosen, selection);
  return { activities: chosen.map((activity) => ({ activity, files: owned.get(activity.id)! })), notes };
}

/** The one file of activities, and the wav files. */
function sortedInputs(input: readonly JobInput[]): { list: JobInput; recordings: JobInput[] } {
  const endsIn = (endings: string[]) =>
    input.filter(({ name }) => endings.some((end) => name.toLowerCase().endsWith(end)));
  const [lists, recordings] = [endsIn(ACTIVITY_ENDINGS), endsIn(['.wav'])];
  const others = input.filter((file) => !lists.includes(file) && !recordings.includes(file));
  if (lists.length === 1 && recordings.length > 0 && others.length === 0) return { list: lists[0]!, recordings };
  throw new InputError(
    `Expected one file of activities (${ACTIVITY_ENDINGS.join(' ')}) and wav files, found ${lists.length} and ${recordings.length}` +
      `${others.length > 0 ? `, and ${others.map(({ name }) => JSON.stringify(name)).join(', ')}` : ''}. Send just these.`,
    { details: { activityFiles: lists.length, wavFiles: recordings.length, others: others.map(({ name }) => name) } },
  );
}

function choose(activities: Activity[], ids: string[] | undefined): Activity[] {
  if (ids === undefined) return activities;
  const known = new Map(activities.map((activity) => [activity.id, activity]));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return ids.map((id) => known.get(id)!);
  throw new InputError(`No activity of the export is called ${unknown.join(', ')}. Correct the parameter activities.`, {
    details: { unknown: unknown.slice(0, 20), activities: activities.length },
  });
}

function ownerOf(file: JobInput, activities: Activity[], from: Selection['activityFrom']): Activity | undefined {
  if (from === 'folder') {
    const folder = folderOf(file.uri);
    return activities.find(({ id }) => id === folder);
  }
  const listed = activities.filter(
    ({ segments, recording }) => recording === file.name || segments.some((segment) => segment.file === file.name),
  );
  if (listed.length === 1) return listed[0];
  const prefix =
    parseSegmentName(file.name)?.activity ?? (isCompleteRecording(file.name) ? stemOf(file.name) : undefined);
  const named = prefix === undefined ? undefined : activities.find(({ id }) => id === prefix);
  return named ?? (activities.length === 1 ? activities[0] : undefined);
}

/** `a17-complete.wav` → `a17`. */
function stemOf(name: string): string {
  return name.replace(/[._-]?complete.*$/i, '');
}

function folderOf(uri: string): string | undefined {
  return decodeURIComponent(uri).split('/').at(-2);
}

function unowned(recordings: JobInput[], activities: Activity[], { activityFrom }: Selection): InputError {
  const form =
    activityFrom === 'folder'
      ? "the activity's id as its folder"
      : 'the form <activity>_<phrase>_<sequence>.wav, or a line in the segments of its activity';
  return new InputError(
    `None of the ${recordings.length} wav files belongs to one of the ${activities.length} activities. Give each file ${form}.`,
    {
      details: {
        files: recordings.slice(0, 5).map(({ name }) => name),
        activities: activities.slice(0, 5).map(({ id }) => id),
      },
    },
  );
}
