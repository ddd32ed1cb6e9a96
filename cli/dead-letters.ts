import { jobSchema } from '#runtime/jobs-api/schemas';
import { deadLettersSchema } from '#runtime/jobs-api/topics/dead-letters';
import { type ApiClient, noBody } from './api-client.ts';
import { printJob } from './remote-job.ts';

/** A line for each job that failed or timed out and waits for a decision. */
export async function listDeadLetters(api: ApiClient, json: boolean): Promise<void> {
  const { letters } = await api.ask('GET', 'dead-letters', deadLettersSchema);
  for (const letter of letters) {
    const { jobId, endedAt, error } = letter;
    const why = error
      ? `${error.name}${error.step ? ` in ${error.step}` : ''}: ${error.message}`
      : 'no reason is known';
    process.stdout.write(
      json ? `${JSON.stringify({ event: 'letter', ...letter })}\n` : `${jobId}  ${endedAt}  ${why}\n`,
    );
  }
  if (letters.length === 0 && !json) process.stderr.write('There are no dead letters.\n');
}

export async function replayDeadLetter(api: ApiClient, id: string, json: boolean): Promise<void> {
  printJob(await api.ask('POST', `${letterPath(id)}/replay`, jobSchema), json);
}

export async function dropDeadLetter(api: ApiClient, id: string, json: boolean): Promise<void> {
  await api.ask('DELETE', letterPath(id), noBody);
  if (json) process.stdout.write(`${JSON.stringify({ event: 'dropped', jobId: id })}\n`);
  else process.stdout.write(`${id}: dropped\n`);
}

function letterPath(id: string): string {
  return `dead-letters/${encodeURIComponent(id)}`;
}
