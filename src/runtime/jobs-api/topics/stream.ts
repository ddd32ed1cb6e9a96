import type { Context } from 'hono';
import { z } from 'zod';
import type { JobChanges } from '#core/notices';
import type { JobStore } from '#core/ports';
import type { Answers, Operations } from '../operation.ts';
import { headersOf } from '../requests.ts';
import { boundedAnswer, EVENT_STREAM, liveAnswer } from '../stream-answers.ts';
import { ofOneJob, ofTeam, type StreamSource } from '../stream-source.ts';
import { requireJob } from '../team-jobs.ts';

const streamSchema = z
  .string()
  .describe(
    'Server-sent events: `event: job`, with the job as GET /jobs/{id} tells it as `data`, each time that it changes',
  );

const headers = {
  'Last-Event-ID': z.string().max(200).optional().describe('Of the last event that was got: it is not sent again'),
};

export const STREAM = {
  streamJob: {
    method: 'get',
    path: '/jobs/{id}/stream',
    summary: 'How a job goes, as it goes, until it has ended; 204 for who knows its end already',
    headers,
    answers: { 200: streamSchema, 204: null },
    mediaType: EVENT_STREAM,
    problems: [400, 404],
  },
  streamJobs: {
    method: 'get',
    path: '/stream',
    summary: "How the team's jobs go: the newest ones first, then each that changes",
    headers,
    answers: { 200: streamSchema },
    mediaType: EVENT_STREAM,
    problems: [400],
  },
} satisfies Operations;

export interface StreamPorts {
  jobs: JobStore;
  /** Where one process sees all changes, streams stay open and follow them; elsewhere an answer waits for one, and ends. */
  changes?: JobChanges;
}

export function streamAnswers({ jobs, changes }: StreamPorts): Answers<typeof STREAM> {
  const answer = (context: Context, source: StreamSource): Promise<Response> => {
    const { 'Last-Event-ID': last } = headersOf(context, headers);
    return changes ? liveAnswer(source, last, changes) : boundedAnswer(source, last, context.req.raw.signal);
  };
  return {
    async streamJob(context, caller) {
      const { id } = await requireJob(context, caller, jobs);
      return await answer(context, ofOneJob(id, jobs));
    },

    async streamJobs(context, { team }) {
      return await answer(context, ofTeam(team, jobs));
    },
  };
}
