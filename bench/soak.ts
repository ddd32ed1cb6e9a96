import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { drawClip, median } from './measure.ts';
import { type DevServer, startServer, untilIdle } from './noop/dev-server.ts';

/**
 * Mixed jobs with faults let happen, for a long time; then everything has to have ended, and memory and open handles have
 * to be what they were:
 *   node bench/soak.ts [--minutes 30]
 * A table a minute, and the verdict; exit code 1 when something is not as it has to be.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const MINUTES = Number(values.minutes);

const FAULTS = 'drop-events=0.02 double-events=0.05 kill=50%:0.1 exit=137:0.05 deny-capacity=0.05 slow-store=1ms';
const STATES = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'REJECTED', 'TIMED_OUT', 'CANCELED'];
/** Between two jobs that do nothing, two on a real video, and two batches. */
const EVERY = { noopMs: 200, videoMs: 8_000, batchMs: 60_000 };
const BATCH_ITEMS = 50;
// The first minutes fill caches and compile; what comes after has to stay within this of itself.
const MOST_GROWTH = 1.15;

interface JobAnswer {
  id: string;
  status: string;
}

interface Sample {
  minute: number;
  residentMiB: number;
  handles: number;
  ended: number;
}

const folder = await mkdtemp(join(tmpdir(), 'stepreel-soak-'));
const server = await startServer(folder, { STEPREEL_CHAOS: FAULTS });
try {
  const submitted = await load(server);
  console.log('draining');
  await untilIdle(server);
  const problems = [
    ...submitted.problems,
    ...(await endProblems(server, submitted.count)),
    ...flatness(submitted.samples),
  ];
  for (const problem of problems) console.log(`NOT AS IT HAS TO BE: ${problem}`);
  if (problems.length === 0) console.log('every job ended in one final state; memory and handles stayed flat');
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}

/** Hands jobs in until the time is over. */
async function load(server: DevServer) {
  const until = performance.now() + MINUTES * 60_000;
  const [note, text] = [join(folder, 'note.txt'), join(folder, 'text.mp4')];
  await writeFile(note, 'nothing');
  await writeFile(text, 'this is no film');
  const samples: Sample[] = [];
  const problems: string[] = [];
  let count = 0;
  const submit = async (body: object) => {
    count += 1;
    return await server.ask<JobAnswer>('POST', '/jobs', body);
  };

  const noops = every(EVERY.noopMs, until, problems, async (index) => {
    const { id } = await submit({ workload: 'noop', input: note, params: { note: `soak ${index}` } });
    if (index % 10 === 0) await server.ask('POST', `/jobs/${id}/cancel`, undefined, [200, 202, 409]);
  });
  const videos = every(EVERY.videoMs, until, problems, async (index) => {
    const clip = await drawClip(join(folder, `clip-${index}.mp4`), `testsrc2=s=320x240:r=10,hue=h=${index * 7}`, 2);
    const { id } = await submit({ workload: 'dataset', input: index % 10 === 9 ? text : clip });
    if (index % 7 === 3) await server.ask('POST', `/jobs/${id}/cancel`, undefined, [200, 202, 409]);
    // What failed by a fault is started over, as a person would.
    const { jobs } = await server.ask<{ jobs: JobAnswer[] }>('GET', '/jobs?status=FAILED,TIMED_OUT&limit=5');
    for (const failed of jobs) await server.ask('POST', `/jobs/${failed.id}/redrive`, undefined, [202, 409, 429]);
  });
  const batches = every(EVERY.batchMs, until, problems, async (index) => {
    const items = Array.from({ length: BATCH_ITEMS }, (_, item) => ({
      input: note,
      params: { note: `batch ${index}-${item}` },
    }));
    await server.ask('POST', '/batches', { workload: 'noop', items });
    count += BATCH_ITEMS;
  });
  const minutes = every(60_000, until, problems, async (minute) => {
    const counts = await countsOf(server);
    const ended = Object.values(counts).reduce((sum, each) => sum + each, 0);
    const sample = { minute, ...(await server.footprint()), ended };
    samples.push(sample);
    const states = STATES.map((state) => `${state} ${counts[state]}`).join(', ');
    console.log(`minute ${minute}: ${sample.residentMiB.toFixed(0)} MiB, ${sample.handles} handles, ${states}`);
  });
  await Promise.all([noops, videos, batches, minutes]);
  return { count, samples, problems };
}

/** Does `work` again and again, in even intervals; what goes wrong is a problem, and not the end. */
async function every(
  ms: number,
  until: number,
  problems: string[],
  work: (index: number) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  for (let index = 0; performance.now() < until; index += 1) {
    await work(index).catch((thrown: Error) => problems.push(thrown.message));
    await sleep(Math.max(0, start + (index + 1) * ms - performance.now()));
  }
}

async function countsOf({ ask }: DevServer): Promise<Record<string, number>> {
  const counts: Record<string, number> = Object.fromEntries(STATES.map((state) => [state, 0]));
  let cursor = '';
  do {
    const query = `/jobs?status=${STATES.join(',')}&limit=200${cursor && `&cursor=${cursor}`}`;
    const page = await ask<{ jobs: JobAnswer[]; next?: string }>('GET', query);
    for (const { status } of page.jobs) counts[status]! += 1;
    cursor = page.next ?? '';
  } while (cursor !== '');
  return counts;
}

async function endProblems(server: DevServer, submitted: number): Promise<string[]> {
  const counts = await countsOf(server);
  const ended = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const { pools } = await server.ask<{ pools: { pool: string; underWay: number }[] }>('GET', '/queue');
  return [
    ...(ended === submitted ? [] : [`${submitted} jobs were handed in and ${ended} ended`]),
    ...pools
      .filter(({ underWay }) => underWay > 0)
      .map(({ pool, underWay }) => `${underWay} leases of ${pool} are left`),
  ];
}

/** The last third of the time beside the middle one. */
function flatness(samples: Sample[]): string[] {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return [];
  const [middle, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)];
  return (['residentMiB', 'handles'] as const).flatMap((what) => {
    const [before, after] = [middle, last].map((some) => median(some.map((sample) => sample[what])));
    if (after! <= before! * MOST_GROWTH) return [];
    return [`${what} grew from ${before!.toFixed(0)} to ${after!.toFixed(0)}`];
  });
}
