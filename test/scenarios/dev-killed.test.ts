import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type DevServer, startDevServer } from '../helpers/dev-server.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

const JOBS = 20;

interface JobAnswer {
  id: string;
  status: string;
  endedAt?: string;
}

async function jobsOf({ url }: DevServer): Promise<JobAnswer[]> {
  const answer = await fetch(`${url}/jobs?limit=200`);
  return ((await answer.json()) as { jobs: JobAnswer[] }).jobs;
}

async function until(server: DevServer, isSo: (jobs: JobAnswer[]) => boolean): Promise<JobAnswer[]> {
  for (;;) {
    const jobs = await jobsOf(server);
    if (isSo(jobs)) return jobs;
    await sleep(100);
  }
}

const ended = (jobs: JobAnswer[]) => jobs.filter(({ endedAt }) => endedAt !== undefined);

it('a server that is killed in the middle of 20 jobs leaves none undone and does none twice', async () => {
  const folder = await testFolder();
  const footage = join(folder, 'footage');
  await mkdir(footage);
  const model = await tinyDetector(folder);
  const clips = await Promise.all(
    Array.from({ length: JOBS }, (_, index) =>
      drawClip(footage, { name: `clip-${index}.mp4`, seconds: 0.4 + index / 50 }),
    ),
  );

  const first = await startDevServer(footage);
  for (const input of clips) {
    const body = JSON.stringify({ workload: 'dataset', input, params: { model } });
    const answer = await fetch(`${first.url}/jobs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(202);
  }
  const before = ended(await until(first, (jobs) => ended(jobs).length >= 4));
  const gone = once(first.process, 'exit');
  first.process.kill('SIGKILL');
  await gone;

  const second = await startDevServer(footage);
  const after = await until(second, (jobs) => ended(jobs).length === JOBS);
  expect(after).toHaveLength(JOBS);
  expect(after.map(({ status }) => status)).toEqual(after.map(() => 'SUCCEEDED'));
  // What had ended is not touched again.
  const untouched = before.filter(({ id, endedAt }) => after.some((job) => job.id === id && job.endedAt === endedAt));
  expect(untouched).toHaveLength(before.length);

  // A job that was interrupted gives the bytes of one that was not.
  const interrupted = after.find(({ id }) => !before.some((job) => job.id === id))!;
  const out = join(folder, 'out');
  await stepreel(['results', interrupted.id, '--download', out], { env: { STEPREEL_API: second.url } });
  expect((await stepreel(['verify', out])).code).toBe(0);
  const { input } = (await (await fetch(`${second.url}/jobs/${interrupted.id}`)).json()) as {
    input: { uri: string }[];
  };
  const plain = join(folder, 'plain');
  await stepreel(['run', 'dataset', '--input', input[0]!.uri, '--param', `model=${model}`, '--output', plain]);
  expect(await resultDigests(out)).toEqual(await resultDigests(plain));
  expect((await second.stop()).code).toBe(0);
}, 240_000);
