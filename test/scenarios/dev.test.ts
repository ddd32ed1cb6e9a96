import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startDevServer } from '../helpers/dev-server.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { descendantsOf, descendantWith, isAlive } from '../helpers/process-tree.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

/** A folder with a clip and a model, and a server over it. */
async function aServer(clip: Parameters<typeof drawClip>[1] = {}, args: string[] = []) {
  const folder = await testFolder();
  const footage = join(folder, 'footage');
  await mkdir(footage);
  const file = await drawClip(footage, clip);
  const model = await tinyDetector(folder);
  const server = await startDevServer(footage, args);
  const ask = (...words: string[]) =>
    stepreel([...words, '--json'], { cwd: footage, env: { STEPREEL_API: server.url } });
  const submit = (...more: string[]) => ask('submit', 'dataset', '--param', `model=${model}`, ...more);
  return { folder, footage, file, model, server, ask, submit };
}

/** The status of an answer to somebody who calls the server by another name. */
async function statusAsked(url: string, host: string): Promise<number> {
  const [response] = await once(get(`${url}/workloads`, { headers: { host } }), 'response');
  response.resume();
  return response.statusCode;
}

const LONG_CLIP = { seconds: 120, size: '640x360', rate: 25 };
// What the decoder's command line has, and `ffmpeg -version` has not.
const DECODING = 'rawvideo';

describe('stepreel dev', () => {
  it.concurrent('runs a job that is submitted, watched, downloaded and verified, with the bytes of a plain run', async () => {
    const { folder, footage, file, model, server, ask, submit } = await aServer();
    const submitted = await submit('--input', 'clip.mp4', '--key', 'monday');
    expect(submitted).toMatchObject({ code: 0, documents: [{ event: 'job', team: 'local', input: [{ uri: file }] }] });
    const id = String(submitted.documents[0]!.id);
    expect((await submit('--input', 'clip.mp4', '--key', 'monday')).documents).toMatchObject([{ id }]);

    const watched = await ask('watch', id);
    expect(watched.code).toBe(0);
    expect(watched.documents.at(-1)).toMatchObject({ id, status: 'SUCCEEDED' });

    const out = join(folder, 'out');
    const downloaded = await ask('results', id, '--download', out);
    expect(downloaded).toMatchObject({ code: 0, documents: [{ event: 'downloaded', folder: out }] });
    expect((await stepreel(['verify', out])).code).toBe(0);
    expect(existsSync(join(out, 'receipt.md'))).toBe(true);
    const plain = join(folder, 'plain');
    await stepreel(['run', 'dataset', '--input', file, '--param', `model=${model}`, '--output', plain]);
    expect(await resultDigests(out)).toEqual(await resultDigests(plain));

    expect((await ask('list', '--status', 'SUCCEEDED')).documents).toMatchObject([{ id }]);
    expect((await ask('events', id)).documents).toContainEqual(
      expect.objectContaining({ type: 'TaskStateEntered', state: 'ExtractFrames' }),
    );
    expect((await ask('logs', id, '--step', 'ExtractFrames', '--follow')).documents).toContainEqual(
      expect.objectContaining({ event: 'log', step: 'ExtractFrames', message: 'verdict' }),
    );
    const report = await fetch(`${server.url}/jobs/${id}/files/report.html`);
    expect(report.headers.get('content-type')).toBe('text/html');
    expect(await report.text()).toBe(await readFile(join(out, 'report.html'), 'utf8'));
    expect((await fetch(`${server.url}/jobs/${id}/files/..%2F..%2Fjobs.sqlite`)).status).toBe(404);

    const second = await stepreel(['dev', '--port', '0'], { cwd: footage });
    expect(second).toMatchObject({ code: 64, stderr: expect.stringContaining('--state') });
    const other = await stepreel(['dev', '--port', new URL(server.url).port, '--state', 'other'], { cwd: footage });
    expect(other).toMatchObject({ code: 64, stderr: expect.stringContaining('--port') });
    expect(await server.stop()).toMatchObject({ code: 0 });
  });

  it.concurrent('refuses an input outside of the input roots, whatever way it is named', async () => {
    const { folder, footage, server, submit } = await aServer({ seconds: 0.5 });
    const outside = await drawClip(folder, { name: 'outside.mp4', seconds: 0.5 });
    await symlink(outside, join(footage, 'link.mp4'));
    await symlink(dirname(outside), join(footage, 'up'));
    for (const input of [outside, 'link.mp4', 'up/outside.mp4', `${footage}/../outside.mp4`, `file:${outside}`]) {
      expect(await submit('--input', input)).toMatchObject({
        code: 64,
        documents: [{ event: 'error', error: { name: 'InputError', message: expect.stringMatching(/input root/) } }],
      });
    }
    expect((await submit('--input', 'nothing.mp4')).documents).toMatchObject([
      { error: { message: expect.stringMatching(/no such file/) } },
    ]);
    await server.stop();
  });

  it.concurrent('answers no page from elsewhere, and no other name than this machine’s', async () => {
    const { server } = await aServer({ seconds: 0.5 });
    const asked = (headers: Record<string, string>) => fetch(`${server.url}/workloads`, { headers });
    expect((await asked({})).status).toBe(200);
    expect((await asked({ Origin: 'https://example.com' })).status).toBe(403);
    expect((await asked({ Origin: 'null' })).status).toBe(403);
    expect((await asked({ Origin: server.url })).status).toBe(200);
    expect(await statusAsked(server.url, 'localhost')).toBe(200);
    expect(await statusAsked(server.url, 'rebound.example.com')).toBe(403);
    await server.stop();
  });

  it.concurrent('ends the waiting as the job ended, and keeps what failed for a decision', async () => {
    const { footage, server, ask, submit } = await aServer({ seconds: 0.5 });
    await writeFile(join(footage, 'text.mp4'), 'no video at all');
    const refused = await submit('--input', 'text.mp4', '--wait');
    expect(refused.code).toBe(65);
    expect(refused.documents.at(-1)).toMatchObject({ event: 'error', error: { name: 'MediaError' } });
    expect((await ask('dlq', 'list')).documents).toEqual([]);

    const failed = await submit('--input', 'clip.mp4', '--param', 'model=absent@1.0.0', '--wait');
    expect(failed.code).toBe(78);
    const id = String(failed.documents[0]!.id);
    expect((await ask('status', id)).documents).toMatchObject([{ status: 'FAILED', error: { code: 'ModelError' } }]);
    expect((await ask('results', id)).code).toBe(75);
    expect((await ask('dlq', 'list')).documents).toMatchObject([{ jobId: id, error: { name: 'ModelError' } }]);
    expect((await ask('dlq', 'drop', id)).code).toBe(0);
    expect((await ask('dlq', 'list')).documents).toEqual([]);
    expect((await ask('dlq', 'drop', id)).code).toBe(66);
    await server.stop();
    expect((await ask('list')).code).toBe(69);
  });
});

// Processes are looked up in /proc.
describe.skipIf(!existsSync('/proc/self/stat'))('stepreel dev with a job at work', () => {
  it.concurrent('cancels it: its processes end, and watching ends with 75', async () => {
    const { server, ask, submit } = await aServer(LONG_CLIP);
    const { id } = (await submit('--input', 'clip.mp4')).documents[0]!;
    await descendantWith(server.process.pid!, DECODING);
    const children = descendantsOf(server.process.pid!).map(({ pid }) => pid);
    expect((await ask('cancel', String(id))).code).toBe(0);
    const watched = await ask('watch', String(id));
    expect(watched.code).toBe(75);
    expect(watched.documents).toContainEqual(expect.objectContaining({ id, status: 'CANCELED' }));
    expect(children.filter(isAlive)).toEqual([]);
    expect((await ask('cancel', String(id))).code).toBe(0);
    const again = await ask('redrive', String(id));
    expect(again).toMatchObject({ code: 0, documents: [{ did: 'clone', clonedFrom: id }] });
    await server.stop();
  });

  it.concurrent.each(['SIGINT', 'SIGTERM'] as const)('ends it on %s, and itself with 0', async (signal) => {
    const { footage, server, submit } = await aServer(LONG_CLIP);
    const { id } = (await submit('--input', 'clip.mp4')).documents[0]!;
    await descendantWith(server.process.pid!, DECODING);
    const children = descendantsOf(server.process.pid!).map(({ pid }) => pid);
    expect((await server.stop(signal)).code).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    const next = await startDevServer(footage);
    const status = await stepreel(['status', String(id), '--api', next.url, '--json']);
    expect(status.documents).toMatchObject([{ status: 'CANCELED' }]);
    await next.stop();
  });

  it.concurrent('takes it up again after it was killed itself', async () => {
    const { footage, server, submit } = await aServer({ seconds: 10, size: '640x360', rate: 25 });
    const { id } = (await submit('--input', 'clip.mp4')).documents[0]!;
    await descendantWith(server.process.pid!, DECODING);
    await server.stop('SIGKILL').catch(() => {});
    await sleep(100);
    const next = await startDevServer(footage);
    const watched = await stepreel(['watch', String(id), '--api', next.url, '--json']);
    expect(watched.documents.at(-1)).toMatchObject({ id, status: 'SUCCEEDED' });
    await next.stop();
  });
});
