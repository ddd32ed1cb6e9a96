import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pinnedBase, readLock } from '../../scripts/images/lock.ts';
import { testFolder } from '../helpers/folder.ts';

const root = join(import.meta.dirname, '../..');
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const LOGIN = Buffer.from('AWS:secret').toString('base64');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A registry that answers for manifests. @returns its host, as it stands in a reference. */
async function aRegistry(answer: Answer): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A registry's answer for the manifests it has, by `name:tag`. */
const has =
  (manifests: Record<string, string>): Answer =>
  ({ method, url, headers }, response) => {
    const [, name, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url!) ?? [];
    const found = manifests[`${name}:${tag}`];
    // A registry that is not told of lists would name the digest of one platform.
    const understood = method === 'HEAD' && headers.accept?.includes('image.index');
    response.writeHead(found && understood ? 200 : 404, found ? { 'docker-content-digest': found } : {}).end();
  };

async function aLock(image: string, digests: { base?: string; media?: string } = {}): Promise<string> {
  const path = join(await testFolder(), 'images.lock.json');
  const lock = {
    images: { media: { repository: 'stepreel-<stage>-media', digest: digests.media ?? null } },
    bases: { node: { image, digest: digests.base ?? null } },
  };
  await writeFile(path, JSON.stringify(lock));
  return path;
}

function npmRun(script: string, args: string[], env: Record<string, string> = {}) {
  return new Promise<{ code: number; stderr: string; stdout: string }>((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    execFile(process.execPath, [`scripts/${script}.ts`, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe('npm run pin', () => {
  it('writes the digests of the bases, always in the same bytes', async () => {
    const host = await aRegistry(has({ 'node:24': digest('a') }));
    const lock = await aLock(`${host}/node:24`);
    expect((await npmRun('pin-images', ['--lock', lock])).code).toBe(0);
    const text = await readFile(lock, 'utf8');
    expect(Object.keys(JSON.parse(text))).toEqual(['bases', 'images']);
    expect(await readLock(lock)).toMatchObject({
      bases: { node: { digest: digest('a') } },
      images: { media: { digest: null } },
    });
    expect((await npmRun('pin-images', ['--lock', lock])).code).toBe(0);
    expect(await readFile(lock, 'utf8')).toBe(text);
  });

  it('writes the digests of the images that were pushed for a stage, and leaves the bases', async () => {
    const host = await aRegistry(has({ 'stepreel-staging-media:0.1.0-abc': digest('b') }));
    const lock = await aLock('node:24', { base: digest('a') });
    const args = ['--lock', lock, '--registry', host, '--stage', 'staging', '--tag', '0.1.0-abc'];
    expect((await npmRun('pin-images', args)).code).toBe(0);
    expect(await readLock(lock)).toEqual({
      bases: { node: { image: 'node:24', digest: digest('a') } },
      images: { media: { repository: 'stepreel-<stage>-media', digest: digest('b') } },
    });
  });

  it('asks with the login that docker login left, where a registry wants one', async () => {
    const host = await aRegistry((request, response) => {
      if (request.headers.authorization === `Basic ${LOGIN}`) return has({ 'node:24': digest('c') })(request, response);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
    });
    const lock = await aLock(`${host}/node:24`);
    const settings = join(await testFolder(), 'docker');
    await mkdir(settings);
    expect((await npmRun('pin-images', ['--lock', lock], { DOCKER_CONFIG: settings })).stderr).toContain(
      'docker login',
    );
    await writeFile(join(settings, 'config.json'), JSON.stringify({ auths: { [host]: { auth: LOGIN } } }));
    expect((await npmRun('pin-images', ['--lock', lock], { DOCKER_CONFIG: settings })).code).toBe(0);
    expect((await readLock(lock)).bases.node!.digest).toBe(digest('c'));
  });

  it('asks with the login of the store that Docker keeps its logins in', async () => {
    const host = await aRegistry((request, response) => {
      if (request.headers.authorization === `Basic ${LOGIN}`) return has({ 'node:24': digest('e') })(request, response);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="registry"' }).end();
    });
    const lock = await aLock(`${host}/node:24`);
    const folder = await testFolder();
    await writeFile(join(folder, 'config.json'), '{"auths":{},"credsStore":"test"}');
    const store = `#!/bin/sh\ntest "$(cat)" = "${host}" && echo '{"Username":"AWS","Secret":"secret"}'\n`;
    await writeFile(join(folder, 'docker-credential-test'), store, { mode: 0o755 });
    const environment = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` };
    expect((await npmRun('pin-images', ['--lock', lock], environment)).code).toBe(0);
    expect((await readLock(lock)).bases.node!.digest).toBe(digest('e'));
  });

  it('gets a token where a registry sends it to a token service', async () => {
    let asked = '';
    const service = await aRegistry(({ url }, response) => {
      asked = url!;
      response.end(JSON.stringify({ token: 't-1' }));
    });
    const host = await aRegistry((request, response) => {
      if (request.headers.authorization === 'Bearer t-1') return has({ 'node:24': digest('d') })(request, response);
      const challenge = `Bearer realm="http://${service}/token",service="images",scope="repository:node:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const lock = await aLock(`${host}/node:24`);
    expect((await npmRun('pin-images', ['--lock', lock])).code).toBe(0);
    expect(new URL(asked, 'http://x').searchParams.get('scope')).toBe('repository:node:pull');
    expect((await readLock(lock)).bases.node!.digest).toBe(digest('d'));
  });

  it.each<{ name: string; answer: Answer; code: number; says: RegExp }>([
    { name: 'an image that is not there', answer: has({}), code: 66, says: /InputNotFoundError: .*found nothing/ },
    {
      name: 'a registry without digests',
      answer: (_request, response) => response.writeHead(200).end(),
      code: 75,
      says: /TransientError: .*answered 200 with none/,
    },
    {
      name: 'a digest that is none',
      answer: (_request, response) => response.writeHead(200, { 'docker-content-digest': 'sha256:12' }).end(),
      code: 75,
      says: /TransientError: .*with sha256:12/,
    },
    {
      name: 'a registry that fails',
      answer: (_request, response) => response.writeHead(503).end(),
      code: 75,
      says: /TransientError: .*503/,
    },
  ])('changes nothing when it meets $name', async ({ answer, code, says }) => {
    const lock = await aLock(`${await aRegistry(answer)}/node:24`, { base: digest('a') });
    const before = await readFile(lock, 'utf8');
    const ended = await npmRun('pin-images', ['--lock', lock]);
    expect(ended.stderr).toMatch(says);
    expect(ended.code).toBe(code);
    expect(await readFile(lock, 'utf8')).toBe(before);
  });
});

describe('npm run images', () => {
  it('builds nothing on a base without a digest', async () => {
    const { code, stderr } = await npmRun('build-images', ['--lock', await aLock('node:24'), '--builder', 'false']);
    expect(code).toBe(64);
    expect(stderr).toMatch(/Expected the digest of the base node \(node:24\).*npm run pin/);
  });

  it('says which images there are', async () => {
    const lock = await aLock('node:24', { base: digest('a') });
    const { code, stderr } = await npmRun('build-images', ['photos', '--lock', lock, '--builder', 'false']);
    expect([code, stderr]).toEqual([64, 'InputError: There is no image photos. There are: media.\n']);
  });

  it('tells the builder the base with its digest, the stage of the Dockerfile and the name', async () => {
    const lock = await aLock('node:24', { base: digest('a') });
    const { stdout } = await npmRun('build-images', [
      '--lock',
      lock,
      '--builder',
      'echo',
      '--registry',
      'host.example',
    ]);
    expect(stdout).toMatch(/^build --file containers\/Dockerfile --target media --platform linux\/amd64 /);
    expect(stdout).toContain(`--build-arg NODE_IMAGE=node:24@${digest('a')} `);
    expect(stdout).toMatch(/\npush host\.example\/stepreel-dev-media:\d+\.\d+\.\d+-[0-9a-f]{12}\n/);
  });
});

it('a lock that is no lock is refused', async () => {
  const path = join(await testFolder(), 'images.lock.json');
  await writeFile(path, '{"bases":{"node":{"image":"node:24","digest":"24"}},"images":{}}');
  await expect(readLock(path)).rejects.toThrow(/is no lock file of images/);
});

it('the checkout pins the base that is built on, or refuses to build', async () => {
  const lock = await readLock(join(root, 'images.lock.json'));
  if (lock.bases.node!.digest === null) expect(() => pinnedBase(lock, 'node')).toThrow('npm run pin');
  else expect(pinnedBase(lock, 'node')).toMatch(/^node:[\d.]+-\S+@sha256:[0-9a-f]{64}$/);
});
