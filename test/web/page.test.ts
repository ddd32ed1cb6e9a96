import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStateFolder } from '#runtime/environment';
import { signShare } from '#runtime/jobs-api/share-links';
import { aJob } from '../conformance/job-store.ts';
import { aWindow, chromiumPath, complaints } from '../helpers/browser.ts';
import { aPageServer, type PageServer } from '../helpers/page-server.ts';

describe.skipIf(!chromiumPath)('the job status page, in Chromium', () => {
  let server: PageServer;
  beforeAll(async () => {
    server = await aPageServer();
  });

  afterAll(() => expect(complaints).toEqual([]));

  it('submits a file that is dropped on it, and follows the job to its end and its result', async () => {
    const page = await aWindow(`${server.url}/#/submit`);
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['drop me here'], 'dropped.txt', { type: 'text/plain' }));
      return transfer;
    });
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByLabel('color').selectOption('green');
    await page.getByLabel('Project').fill('bridges');
    await page.getByRole('button', { name: 'Submit', exact: true }).click();

    await page.waitForURL(/#\/jobs\/toy-/);
    await page.getByRole('heading', { name: /dropped\.txt.*Succeeded/ }).waitFor();
    await page.getByText('Files (').click();
    await page.getByRole('link', { name: 'counts.json' }).waitFor();
    // The graph is drawn from the events, which are read a moment after the state.
    await page.getByRole('img', { name: /^State machine: CheckWords done.*CountLetters done/ }).waitFor();
    await page.getByText('bridges').first().waitFor();
    await page.getByText('Parameters', { exact: true }).click();
    await page.getByText('green').first().waitFor();
  });

  it('shows a new job in the list by itself, and its end', async () => {
    const page = await aWindow(server.url);
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await server.submit('seen live', { name: 'live.txt' });
    await page
      .getByRole('row', { name: /live\.txt/ })
      .getByText('Succeeded')
      .waitFor();
  });

  it('filters by state and searches', async () => {
    await server.comesTo(await server.submit('one', { name: 'needle.txt' }), 'SUCCEEDED');
    const page = await aWindow(server.url);
    await page.getByRole('searchbox').fill('needle');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: 'needle.txt' }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.getByLabel('State').selectOption('FAILED');
    await page.getByText('No job fits.').waitFor();
  });

  it('looks further back for a text when it is asked to, and finds a whole id however old it is', async () => {
    const { jobs } = await openStateFolder(join(server.folder, 'state'));
    const old = (n: number) =>
      aJob({
        id: `toy-${String(n).padStart(32, '0')}`,
        team: 'local',
        status: 'SUCCEEDED',
        createdAt: new Date(n * 1000).toISOString(),
      });
    for (let n = 1; n < 2100; n += 1) await jobs.create(old(n));
    await jobs.create({ ...old(0), input: [{ name: 'oldest.txt', uri: '/oldest.txt' }] });

    const page = await aWindow(`${server.url}/#/?q=oldest`);
    await page.getByText(/^Looked at the newest 2,\d+ jobs\./).waitFor();
    await page.getByText('No job fits.').waitFor();
    await page.getByRole('button', { name: 'Look further back' }).click();
    await page.getByRole('link', { name: 'oldest.txt' }).waitFor();

    await page.goto(`${server.url}/#/?q=${old(0).id}`);
    await page.getByText(/^Looked at/).waitFor();
    expect(await page.getByRole('link', { name: 'oldest.txt' }).count()).toBe(1);
  });

  it('cancels a job that runs, once it has said what that means', async () => {
    const id = await server.submit('hang on', { params: { fault: 'SplitWords-before:hang-always' }, name: 'hang.txt' });
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByRole('heading', { name: /Running/ }).waitFor();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByRole('heading', { name: /Canceled/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Cancel…' }).count()).toBe(0);
  });

  it('tells why a job failed, shows its retries, and starts it again', async () => {
    const params = { fault: 'CountLetters-1:crash-always' };
    const id = await server.submit('fails here', { params, name: 'fails.txt' });
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByRole('heading', { name: /fails\.txt.*Failed/ }).waitFor();
    const error = page.getByRole('region', { name: 'Error' });
    await error.getByText('as it was told to').waitFor();
    await error.getByText(/stepreel (logs|redrive|clone)/).waitFor();
    await page.getByRole('img', { name: /CountLetters failed/ }).waitFor();

    await page.getByRole('button', { name: 'Redrive…' }).click();
    await page.getByRole('rowheader', { name: 'SplitWords' }).first().waitFor();
    await page.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByText(/^Events \(/).click();
    await expect.poll(() => page.getByRole('cell', { name: 'ExecutionStarted' }).count(), { timeout: 30_000 }).toBe(2);
  });

  it('clones a job with a change, and says before what is taken over', async () => {
    const id = await server.submit('clone me', { name: 'clone.txt' });
    await server.comesTo(id, 'SUCCEEDED');
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByRole('button', { name: 'Clone…' }).click();
    await page.getByRole('row', { name: /SplitWords is taken over/ }).waitFor();
    await page.getByLabel('color').selectOption('green');
    const change = page.getByRole('row', { name: /color red green/ });
    await change.waitFor();
    await page.getByRole('button', { name: 'Submit the clone' }).click();
    await page.waitForURL((url) => !url.hash.includes(id));
    await page.getByRole('link', { name: id }).first().waitFor();
    await page.getByRole('heading', { name: /Succeeded/ }).waitFor();
  });

  it('makes a link that shows the job to somebody who may do nothing with it', async () => {
    const id = await server.submit('share me', { name: 'share.txt' });
    await server.comesTo(id, 'SUCCEEDED');
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByRole('button', { name: 'Share…' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const guest = await aWindow((await page.getByRole('link', { name: 'Follow it' }).getAttribute('href'))!);
    await guest.getByRole('heading', { name: /share\.txt.*Succeeded/ }).waitFor();
    await guest.getByText('Files (').click();
    await guest.getByRole('link', { name: 'counts.json' }).waitFor();
    expect(await guest.getByRole('button', { name: /Clone|Cancel|Redrive|Share/ }).count()).toBe(0);
    expect(await guest.getByRole('navigation').count()).toBe(0);
  });

  it('says of a link whose time is over that it is over, and since when', async () => {
    const id = await server.submit('share me once', { name: 'over.txt' });
    const secret = readFileSync(join(server.folder, 'state/webhook-secret'), 'utf8').trim();
    const token = signShare({ jobId: id, expiresAt: '2026-01-01T00:00:00.000Z' }, secret);
    const guest = await aWindow(`${server.url}/#/shared/${token}`);
    await guest.getByRole('alert').getByText('could be followed until 2026-01-01T00:00:00.000Z').waitFor();
    await guest.getByText('Ask whoever sent it for a new one.').waitFor();
    expect(await guest.getByText('over.txt').count()).toBe(0);
  });

  it('says that it is disconnected, and catches up', async () => {
    const other = await aPageServer();
    const lost = await aWindow(other.url);
    await lost.getByText('No jobs yet.').waitFor();
    await other.close();
    await lost.getByText(/^.*Disconnected/).waitFor();
    const port = Number(new URL(other.url).port);
    const again = await aPageServer(other.folder, { port });
    await again.submit('after all', { name: 'meanwhile.txt' });
    await lost.getByRole('link', { name: 'meanwhile.txt' }).waitFor();
    expect(await lost.getByText(/Disconnected/).count()).toBe(0);
  });

  it('shows a square for each member of a batch, which leads to its job', async () => {
    const items = ['a', 'b', 'c'].map((name) => join(server.folder, `${name}.txt`));
    for (const item of items) writeFileSync(item, 'word');
    const order = { workload: 'toy', items, name: 'three words' };
    await fetch(`${server.url}/batches`, { method: 'POST', body: JSON.stringify(order) });
    const page = await aWindow(`${server.url}/#/batches`);
    await page.getByRole('link', { name: 'three words' }).click();
    await page
      .getByRole('list', { name: 'Members' })
      .getByRole('link', { name: /Succeeded/ })
      .nth(2)
      .waitFor();
    await page.getByRole('link', { name: /^b\.txt: Succeeded/ }).click();
    await page.getByRole('heading', { name: /b\.txt.*Succeeded/ }).waitFor();
  });

  it('pauses a pool, tells who waits and why, and opens it again', async () => {
    const page = await aWindow(`${server.url}/#/queue`);
    await page.getByText('Nothing waits.').waitFor();
    await page.getByRole('button', { name: 'Pause cpu' }).click();
    await page.getByRole('button', { name: 'Resume cpu' }).waitFor();
    const id = await server.submit('held up', { name: 'held.txt' });
    await page.getByRole('row', { name: /^cpu normal local 1/ }).waitFor();
    const job = await aWindow(`${server.url}/#/jobs/${id}`);
    await job.getByText(/^It waits:.*pool cpu is paused/).waitFor();

    await page.getByRole('button', { name: 'Resume cpu' }).click();
    await page.getByRole('button', { name: 'Pause cpu' }).waitFor();
    await job.getByRole('heading', { name: /held\.txt.*Succeeded/ }).waitFor();
    await page.getByText('Nothing waits.').waitFor();
  });

  it('tells what was used, by project or by workload', async () => {
    await server.comesTo(await server.submit('used', { name: 'used.txt' }), 'SUCCEEDED');
    const page = await aWindow(`${server.url}/#/usage`);
    await page.getByRole('row', { name: /^default \d+/ }).waitFor();
    await page.getByLabel('By').selectOption('workload');
    await page.getByRole('row', { name: /^toy \d+/ }).waitFor();
    await page.getByRole('row', { name: /^Together \d+/ }).waitFor();
  });

  it('tells what a job did, line by line, and what it took', async () => {
    const id = await server.submit('tell me', { name: 'told.txt' });
    await server.comesTo(id, 'SUCCEEDED');
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByText('Log', { exact: true }).click();
    await page.getByRole('list', { name: 'Log lines' }).getByText('SplitWords').first().waitFor();
    await page.getByText('Receipt', { exact: true }).click();
    await page.getByRole('rowheader', { name: 'CountLetters' }).nth(1).waitFor();
    await page.getByText(/by the list prices of/).waitFor();
  });

  it('shows names with markup in them, and runs nothing', async () => {
    const name = '<img src=x onerror=document.title="run">.txt';
    const id = await server.submit('markup', { name });
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByRole('heading', { name: name }).waitFor();
    expect(await page.title()).toContain(name);
    expect(await page.locator('main img').count()).toBe(0);
  });

  it('shows errors with markup in them, of jobs and of requests, and runs nothing', async () => {
    const name = '<img src=x onerror=document.title="run"><script src=x>.txt';
    const id = await server.submit(' ', { name });
    const page = await aWindow(`${server.url}/#/jobs/${id}`);
    await page.getByRole('region', { name: 'Error' }).getByText(`${name} has no words.`).waitFor();
    expect(await page.title()).toContain(name);
    expect(await page.locator('main :is(img, script)').count()).toBe(0);

    await page.goto(`${server.url}/#/submit`);
    await page.getByLabel('Or where it lies').fill(`${server.folder}/gone-${name}`);
    await page.getByRole('button', { name: 'Submit', exact: true }).click();
    await page.getByRole('alert').getByText(`gone-${name}: there is no such file`).waitFor();
    expect(await page.locator('main :is(img, script)').count()).toBe(0);
  });

  it('runs no script and no style that somebody else brought into it', async () => {
    const known = complaints.length;
    const page = await aWindow(server.url);
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    const broken = await page.evaluate(async () => {
      const directives: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective));
      document.body.insertAdjacentHTML(
        'beforeend',
        '<p style="color: red">red</p><img src="data:," onerror="document.title=1">',
      );
      const script = document.createElement('script');
      script.textContent = 'document.title = "run"';
      document.body.append(script);
      while (new Set(directives).size < 3) await new Promise((done) => setTimeout(done, 50));
      return { directives, title: document.title };
    });
    expect(new Set(broken.directives)).toEqual(new Set(['script-src-attr', 'script-src-elem', 'style-src-attr']));
    expect(broken.title).toContain('Stepreel');
    // That they were kept from running was the point here.
    complaints.splice(known);
  });
});
