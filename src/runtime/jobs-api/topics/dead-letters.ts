import { z } from 'zod';
import type { Job } from '#core/job';
import { RequestRefused } from '#jobs/refusal';
import type { Answers, Operations } from '../operation.ts';
import { jobSchema } from '../schemas.ts';
import { requireJob } from '../team-jobs.ts';
import { answerRestart, type JobPorts } from './jobs.ts';

export const deadLettersSchema = z
  .object({
    letters: z.array(
      z.object({
        jobId: z.string(),
        workload: z.string(),
        team: z.string(),
        execution: z.string(),
        error: z.object({ name: z.string(), message: z.string(), step: z.string().optional() }).optional(),
        endedAt: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'DeadLetters' });

export const DEAD_LETTERS = {
  listDeadLetters: {
    method: 'get',
    path: '/dead-letters',
    summary: "The team's jobs that failed or timed out and were not replayed or dropped",
    answers: { 200: deadLettersSchema },
    problems: [],
  },
  replayDeadLetter: {
    method: 'post',
    path: '/dead-letters/{id}/replay',
    summary: 'Start a failed job over; steps that are done are not run again',
    answers: { 202: jobSchema },
    problems: [404, 409],
  },
  dropDeadLetter: {
    method: 'delete',
    path: '/dead-letters/{id}',
    summary: 'Take a letter out without starting its job again',
    answers: { 204: null },
    problems: [404],
  },
} satisfies Operations;

export type DeadLetterPorts = JobPorts;

export function deadLetterAnswers(ports: DeadLetterPorts): Answers<typeof DEAD_LETTERS> {
  const { deadLetters, jobs } = ports;
  return {
    async listDeadLetters(context, { team }) {
      const letters = (await deadLetters.list()).filter((letter) => letter.team === team);
      return context.json({ letters: letters.map(({ error, ...letter }) => ({ ...letter, ...shortened(error) })) });
    },

    // A dead letter is replayed by starting its job over, and a job that is started over has no letter any more.
    replayDeadLetter: (context, caller) => answerRestart(context, caller, ports),

    async dropDeadLetter(context, caller) {
      const { id } = await requireJob(context, caller, jobs);
      if (await deadLetters.remove(id)) return context.body(null, 204);
      throw new RequestRefused('NoSuchJob', `There is no dead letter of job ${id}.`, 'GET /dead-letters lists them.');
    },
  };
}

function shortened(error: Job['error']) {
  if (!error) return {};
  const { name, message, step } = error;
  return { error: { name, message, ...(step ? { step } : {}) } };
}
