import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Job } from '#core/job';
import { openStateFolder } from '#runtime/environment';
import { chromiumPath } from '../test/helpers/chromium.ts';
import { type DevServer, startServer } from './noop/dev-server.ts';

/**
 * The job status page over a store of 10,000 jobs, the server in a process of its own:
 *   node bench/page.ts
 * The first page in a browser that knows nothing yet; and what 50 open pages cost the server while jobs run.
 */
const STORED = 10_000;
const PAGES = 50;
const WATCHED_MS = 30_000;
const JOB_EVERY_MS = 1_000;

if (!chromiumPath) throw new Error('This measures the page in Chromium: install chromium, so that PATH leads to it.');

const folder = await mkdtemp(join(tmpdir(), 'stepreel-bench-'));
await storeJobs(join(folder, 'state'));
const server = await startServer(folder);
try {
  await benchFirstPage(server);
  const input = join(folder, 'note.txt');
  await writeFile(input, 'nothing');
  const alone = await cpuShare(server, input, 0);
  const watched = await cpuShare(server, input, PAGES);
  const cost = ((watched - alone) * 100).toFixed(1);
  console.log(`${PAGES} pages: ${cost} % of a core; the server takes ${(alone * 100).toFixed(1)} % without them`);
} finally {
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

async function benchFirstPage({ url }: DevServer): Promise<void> {
  const browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] });
  const times: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(url);
    await page.locator('tbody tr').nth(49).waitFor();
    times.push(Math.round(performance.now() - start));
    await context.close();
  }
  await browser.close();
  console.log(`first page, ${STORED} jobs in the store: ${times[0]} ms, then ${times.slice(1).join(', ')} ms`);
}

/** The share of a core that the server takes while a job is handed in every second and `pages` streams are read. */
async function cpuShare({ url, process: child, ask }: DevServer, input: string, pages: number): Promise<number> {
  const leaving = new AbortController();
  const readers = Array.from({ length: pages }, async () => {
    const answer = await fetch(`${url}/stream`, { signal: leaving.signal });
    for await (const _chunk of answer.body!);
  });
  await sleep(3_000);
  const before = await cpuSeconds(child.pid!);
  const start = performance.now();
  while (performance.now() - start < WATCHED_MS) {
    await ask('POST', '/jobs', { workload: 'noop', input });
    await sleep(JOB_EVERY_MS);
  }
  const share = ((await cpuSeconds(child.pid!)) - before) / ((performance.now() - start) / 1000);
  leaving.abort();
  await Promise.allSettled(readers);
  return share;
}

/** User and system, of the process itself (Linux, proc(5)). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return (fields[11]! + fields[12]!) * 0.01;
}
