import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drawClip } from './measure.ts';
import { type DevServer, eachOf, startServer, untilIdle } from './noop/dev-server.ts';

/**
 * The job control path of `stepreel dev`, over HTTP, in a process of its own:
 *   node bench/jobs.ts [--videos 100]
 * Jobs that do nothing in two Lambda steps; a batch of 10,000 of them while single jobs are asked for; and 100 jobs on
 * real videos of five seconds, all handed in at once.
 */
const CLIENTS = 32;
const CONTROL_JOBS = 2_000;
const BATCH_ITEMS = 10_000;
const VIDEOS = Number(parseArgs({ options: { videos: { type: 'string', default: '100' } } }).values.videos);
const ASK_EVERY_MS = 20;

const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
const server = await startServer(folder);
try {
  const input = join(folder, 'note.txt');
  await writeFile(input, 'nothing');
  await benchControlPath(server, input);
  await benchBatch(server, input);
  if (VIDEOS > 0) await benchVideos(server);
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

interface JobAnswer {
  id: string;
  status: string;
}

async function benchControlPath(server: DevServer, input: string): Promise<void> {
  const start = performance.now();
  await eachOf(CONTROL_JOBS, CLIENTS, async (index) => {
    await server.ask('POST', '/jobs', { workload: 'noop', input, params: { note: `control ${index}` } });
  });
  await untilIdle(server);
  const seconds = (performance.now() - start) / 1_000;
  await requireAllSucceeded(server, CONTROL_JOBS);
  console.log(`job control path            ${(CONTROL_JOBS / seconds).toFixed(0)} jobs/s (wanted: at least 50)`);
}

async function benchBatch(server: DevServer, input: string): Promise<void> {
  const one = await server.ask<JobAnswer>('POST', '/jobs', { workload: 'noop', input, params: { note: 'watched' } });
  const before = await server.footprint();
  const latencies: number[] = [];
  let peakMiB = before.residentMiB;
  let running = true;
  const watching = (async () => {
    while (running) {
      const start = performance.now();
      await server.ask('GET', `/jobs/${one.id}`);
      latencies.push(performance.now() - start);
      peakMiB = Math.max(peakMiB, (await server.footprint()).residentMiB);
      await sleep(ASK_EVERY_MS);
    }
  })();
  const items = Array.from({ length: BATCH_ITEMS }, (_, index) => ({ input, params: { note: `item ${index}` } }));
  const start = performance.now();
  const { id } = await server.ask<{ id: string }>('POST', '/batches', { workload: 'noop', items });
  const accepted = (performance.now() - start) / 1_000;
  const submitted = await reached(server, id, start, (batch) => batch.submitted + batch.refused === BATCH_ITEMS);
  const ended = await reached(server, id, start, (batch) => batch.counts.SUCCEEDED === BATCH_ITEMS);
  running = false;
  await watching;
  console.log(`batch of ${BATCH_ITEMS}, accepted     ${accepted.toFixed(2)} s (wanted: under 60)`);
  console.log(`  every item a job          ${submitted.toFixed(1)} s`);
  console.log(`  every job ended           ${ended.toFixed(1)} s, ${(BATCH_ITEMS / ended).toFixed(0)} jobs/s`);
  console.log(`  GET /jobs/{id} meanwhile  p50 ${at(latencies, 0.5)} ms, p99 ${at(latencies, 0.99)} ms (wanted: 50)`);
  console.log(`  server's memory           ${before.residentMiB.toFixed(0)} → at most ${peakMiB.toFixed(0)} MiB`);
}

interface BatchAnswer {
  submitted: number;
  refused: number;
  counts: Record<string, number>;
}

async function reached(
  server: DevServer,
  id: string,
  start: number,
  isThere: (batch: BatchAnswer) => boolean,
): Promise<number> {
  while (!isThere(await server.ask<BatchAnswer>('GET', `/batches/${id}`))) await sleep(250);
  return (performance.now() - start) / 1_000;
}

async function benchVideos(server: DevServer): Promise<void> {
  const clips: string[] = [];
  for (let index = 0; index < VIDEOS; index += 1) {
    // Another picture each, so that nothing is reused.
    clips.push(await drawClip(join(folder, `clip-${index}.mp4`), `testsrc2=s=320x240:r=10,hue=h=${index * 3}`, 5));
  }
  const before = await server.footprint();
  const start = performance.now();
  await eachOf(VIDEOS, CLIENTS, async (index) => {
    await server.ask('POST', '/jobs', { workload: 'dataset', input: clips[index] });
  });
  let [inFlight, peakMiB] = [0, 0];
  for (let left = VIDEOS; left > 0; ) {
    const { jobs } = await server.ask<{ jobs: JobAnswer[] }>(
      'GET',
      '/jobs?workload=dataset&status=QUEUED,STARTING,RUNNING&limit=200',
    );
    left = jobs.length;
    inFlight = Math.max(inFlight, jobs.filter(({ status }) => status !== 'QUEUED').length);
    peakMiB = Math.max(peakMiB, (await server.footprint()).residentMiB);
    await sleep(200);
  }
  const seconds = (performance.now() - start) / 1_000;
  await requireAllSucceeded(server, VIDEOS, 'dataset');
  console.log(`${VIDEOS} real videos of 5 s     ${seconds.toFixed(0)} s, at most ${inFlight} in flight`);
  console.log(`  server's memory           ${before.residentMiB.toFixed(0)} → at most ${peakMiB.toFixed(0)} MiB`);
}

async function requireAllSucceeded(server: DevServer, count: number, workload = 'noop'): Promise<void> {
  let [found, cursor] = [0, ''];
  do {
    const query = `/jobs?status=SUCCEEDED&workload=${workload}&limit=200${cursor && `&cursor=${cursor}`}`;
    const page = await server.ask<{ jobs: JobAnswer[]; next?: string }>('GET', query);
    found += page.jobs.length;
    cursor = page.next ?? '';
  } while (cursor !== '');
  if (found !== count) throw new Error(`${found} of ${count} ${workload} jobs succeeded.`);
}

function at(numbers: number[], share: number): string {
  return numbers.toSorted((a, b) => a - b)[Math.floor(share * (numbers.length - 1))]!.toFixed(1);
}
