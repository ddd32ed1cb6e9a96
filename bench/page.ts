import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Job } from '#core/job';
import { openStateFolder } from '#runtime/environment';
import { chromiumPath } from '../test/helpers/chromium.ts';
import { startServer } from './noop/dev-server.ts';

/**
 * The job status page over a store of 10,000 jobs, the server in a process of its own:
 *   node bench/page.ts
 * What its requests cost the server; the first page in a browser that knows nothing yet, by the browser's own clock; and
 * what 50 open pages cost the server while jobs run. Costs are processor time, which other programs do not change much.
 */
const STORED = 10_000;
const ROWS = 50;
const LOADS = 8;
const ASKED = 100;
const WATCHED_MS = 20_000;
const JOB_EVERY_MS = 1_000;
const PAGES = 50;
// Lists and jobs follow their stream alone; a queue page reads the queue again while jobs change, as AGAIN_MS there says.
const QUEUE_PAGES = 10;
const QUEUE_EVERY_MS = 2_000;

/** Runs in the page before its own scripts: the frame behind the one that shows so many rows. */
const WATCH_ROWS = `new MutationObserver((_, observer) => {
  if (document.querySelectorAll('tbody tr').length < ${ROWS}) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => Object.assign(globalThis, { rowsAt: performance.now() })));
}).observe(document, { subtree: true, childList: true });`;

if (!chromiumPath) throw new Error('This measures the page in Chromium: install chromium, so that PATH leads to it.');

const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
await storeJobs(join(folder, 'state'));
const server = await startServer(folder);
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
try {
  console.log(`load of this machine: ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores`);
  await benchFirstPage();
  await benchRequests();
  await browser.close();
  const input = join(folder, 'note.txt');
  await writeFile(input, 'nothing');
  const alone = await cpuShare(input);
  const leaving = new AbortController();
  const readers = Array.from({ length: PAGES }, (_, page) => readLikeAPage(page < QUEUE_PAGES, leaving.signal));
  const watched = await cpuShare(input);
  leaving.abort();
  await Promise.allSettled(readers);
  const cost = ((watched - alone) * 100).toFixed(1);
  console.log(`${PAGES} pages: ${cost} % of a core; the server takes ${(alone * 100).toFixed(1)} % without them`);
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true });
}

async function storeJobs(state: string): Promise<void> {
  const stores = await openStateFolder(state);
  for (let i = 0; i < STORED; i += 1) {
    const job: Job = {
      id: `noop-${String(i).padStart(32, '0')}`,
      workload: 'noop',
      workloadVersion: '1.0.0',
      team: 'local',
      project: `project-${i % 7}`,
      priority: 'normal',
      pool: 'cpu',
      status: 'QUEUED',
      input: [{ name: `site-${i}.mp4`, uri: `/footage/site-${i}.mp4` }],
      params: { every: 5 },
      degraded: [],
      createdAt: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
    };
    await stores.jobs.create(job);
    await stores.jobs.transition(job.id, 'SUCCEEDED');
  }
  for (const store of [stores.jobs, stores.leases, stores.records]) (store as unknown as Disposable)[Symbol.dispose]();
}

/** By the page's clock, which begins with the navigation: when something was painted, and when the rows stood there. */
async function benchFirstPage(): Promise<void> {
  const times: Load[] = [];
  for (let i = 0; i < LOADS; i += 1) {
    const context = await browser.newContext();
    await context.addInitScript(WATCH_ROWS);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await cpuSeconds();
    await page.goto(server.url);
    await page.waitForFunction(() => 'rowsAt' in globalThis);
    const told = await page.evaluate(() => ({
      // biome-ignore lint/suspicious/noExplicitAny: watchRows leaves it there.
      rows: (globalThis as any).rowsAt as number,
      paint: performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
    }));
    const { metrics } = await devtools.send('Performance.getMetrics');
    const thread = 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
    times.push({ ...told, thread, server: 1000 * ((await cpuSeconds()) - before) });
    await context.close();
  }
  const [first, ...others] = times;
  const middle = (name: keyof Load) => others.map((one) => one[name]).sort((a, b) => a - b)[others.length >> 1]!;
  const line = (name: keyof Load) =>
    `${first![name].toFixed(0)} ms, then ${middle(name).toFixed(0)} ms (most ${Math.max(...others.map((one) => one[name])).toFixed(0)})`;
  console.log(`first page, ${STORED} jobs in the store`);
  console.log(`  first paint: ${line('paint')}\n  ${ROWS} rows: ${line('rows')}`);
  console.log(`  processor time of the page's main thread: ${line('thread')}\n  and of the server: ${line('server')}`);
}

interface Load {
  paint: number;
  rows: number;
  thread: number;
  server: number;
}

async function benchRequests(): Promise<void> {
  const script = /src="(assets[^"]+)"/.exec(await (await fetch(server.url)).text())![1]!;
  for (const path of ['', script, `jobs?limit=${ROWS}`, 'workloads', `jobs?limit=${ROWS}&status=FAILED`, 'queue']) {
    const before = await cpuSeconds();
    for (let i = 0; i < ASKED; i += 1) await (await fetch(`${server.url}/${path}`)).text();
    const spent = ((await cpuSeconds()) - before) * (1000 / ASKED);
    console.log(`  GET /${path.replace(/-\w+\.js/, '-….js')}: ${spent.toFixed(1)} ms of the server's processor time`);
  }
}

/** What an open page asks for: fifty browsers would measure this machine, and not the server. */
async function readLikeAPage(isQueue: boolean, signal: AbortSignal): Promise<void> {
  const queue = async () => {
    while (isQueue && !signal.aborted) {
      await (await fetch(`${server.url}/queue`, { signal })).text();
      await sleep(QUEUE_EVERY_MS, undefined, { signal });
    }
  };
  const stream = async () => {
    const answer = await fetch(`${server.url}/stream`, { signal });
    for await (const _chunk of answer.body!);
  };
  await Promise.all([stream(), queue()]);
}

/** The share of a core that the server takes while a job is handed in every second. */
async function cpuShare(input: string): Promise<number> {
  await sleep(3_000);
  const before = await cpuSeconds();
  const start = performance.now();
  while (performance.now() - start < WATCHED_MS) {
    await server.ask('POST', '/jobs', { workload: 'noop', input });
    await sleep(JOB_EVERY_MS);
  }
  return ((await cpuSeconds()) - before) / ((performance.now() - start) / 1000);
}

/** User and system, of the server's process itself (Linux, proc(5)). */
async function cpuSeconds(): Promise<number> {
  const stat = await readFile(`/proc/${server.process.pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return (fields[11]! + fields[12]!) * 0.01;
}
