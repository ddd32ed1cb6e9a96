import { InputError } from '#core/errors';
import type { Activity } from './activity.ts';
import { isCompleteRecording, parseSegmentName } from './segment-name.ts';

/** A line of a batch's manifest: one activity, its files, and the export that says what they should hold. */
export interface ActivityItem {
  input: string[];
  params: { activities: [string]; activityFrom: 'folder' | 'name' };
  key: string;
}

// As many as one job takes, less the export.
const MOST_FILES = 999;

/**
 * One item for each activity of an export that has recordings among `addresses`: those in a folder of its name, or whose
 * names begin with its id. The key is the activity's id, so that an activity that comes twice becomes one job.
 * @throws InputError for an activity with more files than a job takes.
 */
export function batchItems(
  activities: readonly Activity[],
  addresses: readonly string[],
  exportAddress: string,
): { items: ActivityItem[]; without: string[] } {
  const owned = Map.groupBy(addresses, ownerOf);
  const items: ActivityItem[] = [];
  const without: string[] = [];
  for (const { id } of activities) {
    const inFolder = owned.get(`folder ${id}`) ?? [];
    const files = inFolder.length > 0 ? inFolder : (owned.get(`name ${id}`) ?? []);
    if (files.length > MOST_FILES) {
      throw new InputError(
        `Activity ${id} has ${files.length} files; a job takes ${MOST_FILES}. Join its packets first.`,
        {
          details: { activity: id, files: files.length },
        },
      );
    }
    const activityFrom = inFolder.length > 0 ? ('folder' as const) : ('name' as const);
    if (files.length === 0) without.push(id);
    else items.push({ input: [...files.sort(), exportAddress], params: { activities: [id], activityFrom }, key: id });
  }
  return { items, without };
}

/** A file whose name says its activity belongs there; any other one to the activity that its folder is called after. */
function ownerOf(address: string): string {
  const [folder, file] = address.split('/').slice(-2) as [string, string];
  const named = parseSegmentName(file)?.activity;
  if (named !== undefined) return `name ${named}`;
  const stem = isCompleteRecording(file) ? file.replace(/[._-]?complete.*$/i, '') : '';
  return stem === '' ? `folder ${folder}` : `name ${stem}`;
}
