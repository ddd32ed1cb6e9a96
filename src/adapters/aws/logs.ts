import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { InputError } from '#core/errors';
import { type LogQuery, type Logs, logLineOf } from '#core/logs';
import { kebabCase } from '#core/names';
import { answerOf, isNamed } from './service-errors.ts';

export interface CloudWatchLogsOptions {
  cloudWatchLogs: CloudWatchLogsClient;
  /** What the platform's log groups begin with: `/stepreel/dev/`. */
  prefix: string;
  now?: () => Date;
}

// CloudWatch gives the oldest first, so the end is looked for backwards, in longer and longer stretches.
const STRETCHES_MINUTES = [5, 60, 12 * 60];
const MINUTE_MS = 60_000;
// Pages of one stretch; one of them may be empty while more follow.
const MOST_PAGES = 20;

/** The log groups of steps, read by the job that each line names. */
export function openLogs({ cloudWatchLogs, prefix, now = () => new Date() }: CloudWatchLogsOptions): Logs {
  const between = async (query: LogQuery, from: number, to: number): Promise<Found[]> => {
    const groups = groupsOf(query, prefix);
    const found = await Promise.all(groups.map((group) => readGroup(cloudWatchLogs, group, query.job.id, from, to)));
    return found.flat().sort((a, b) => a.at - b.at);
  };

  return {
    async tail(query) {
      const { job, after, limit } = query;
      const begun = Date.parse(job.createdAt);
      const end = now().getTime();
      if (after !== undefined) {
        const place = placeIn(after);
        // Lines of the same millisecond may have come since: those that were seen are left out by their ids.
        const seen = new Set(place.seen);
        const later = (await between(query, place.at, end)).filter(({ id }) => !seen.has(id));
        return tailOf(later.slice(0, limit), place);
      }
      const starts = STRETCHES_MINUTES.map((minutes) => end - minutes * MINUTE_MS).filter((start) => start > begun);
      for (const start of [...starts, begun]) {
        const found = await between(query, start, end);
        if (found.length >= limit || start === begun) return tailOf(found.slice(-limit), { at: begun, seen: [] });
      }
      return tailOf([], { at: begun, seen: [] });
    },
  };
}

interface Group {
  name: string;
  /** For lines that don't name their step: of a function there is one. */
  step: string;
  /** What a line has to match, beside the job. */
  steps?: string[];
}

/** Functions have a log group each, all containers of a workload have one together. */
function groupsOf({ job: { workload }, steps }: LogQuery, prefix: string): Group[] {
  const functions = Object.entries(steps).flatMap(([step, placed]) =>
    placed.runs === 'lambda' ? [{ step, name: placed.function ?? `${workload}-${kebabCase(step)}` }] : [],
  );
  const containers = Object.keys(steps).filter((step) => steps[step]!.runs === 'container');
  return [
    ...functions.map(({ step, name }) => ({ name: `${prefix}functions/${name}`, step })),
    ...(containers.length > 0 ? [{ name: `${prefix}tasks/${workload}`, step: containers[0]!, steps: containers }] : []),
  ];
}

interface Found {
  /** Milliseconds. */
  at: number;
  id: string;
  text: string;
  step: string;
}

async function readGroup(client: CloudWatchLogsClient, group: Group, jobId: string, from: number, to: number) {
  const found: Found[] = [];
  const ofSteps = group.steps?.map((step) => `($.phase = "${step}")`).join(' || ');
  const filterPattern = `{ ($.jobId = "${jobId}")${ofSteps ? ` && (${ofSteps})` : ''} }`;
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const ask = { logGroupName: group.name, filterPattern, startTime: from, endTime: to + 1, nextToken };
    const answer = await answerOf(client.send(new FilterLogEventsCommand(ask))).catch(unlessMissing);
    found.push(...(answer?.events ?? []).flatMap((event) => foundIn(event, group.step)));
    nextToken = answer?.nextToken;
    if (!nextToken) break;
  }
  return found;
}

function foundIn({ timestamp, eventId, message }: FilteredLogEvent, step: string): Found[] {
  if (timestamp === undefined || !eventId || message === undefined) return [];
  return [{ at: timestamp, id: eventId, text: message.trimEnd(), step }];
}

/** A workload that was never deployed has no groups, and no lines. */
function unlessMissing(thrown: unknown): undefined {
  if (!isNamed(thrown, 'ResourceNotFoundException')) throw thrown;
}

const placeSchema = z.object({ at: z.int().nonnegative(), seen: z.array(z.string()) });
type Place = z.infer<typeof placeSchema>;

function tailOf(found: Found[], before: Place) {
  const lines = found.flatMap(({ at, text, step }) => logLineOf(text, { at: new Date(at).toISOString(), step }) ?? []);
  const last = found.at(-1)?.at;
  if (last === undefined) return { lines, next: nextAfter(before) };
  const seen = found.filter(({ at }) => at === last).map(({ id }) => id);
  return { lines, next: nextAfter({ at: last, seen: last === before.at ? [...before.seen, ...seen] : seen }) };
}

function nextAfter(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function placeIn(after: string): Place {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(after, 'base64url').toString()));
  } catch (cause) {
    throw new InputError('`after` is not the `next` of an answer before. Leave it out to get the last lines.', {
      cause,
    });
  }
}
