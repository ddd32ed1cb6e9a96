import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobsApi } from '#runtime/jobs-api/app';
import { pageInFolder } from '#runtime/jobs-api/page-files';
import { anApi } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';

function aBuiltPage(): string {
  const folder = aFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets/main-1A.js'), 'console.log(1)');
  writeFileSync(join(folder, 'assets/notes.secret'), 'not of the page');
  writeFileSync(join(folder, 'other.js'), 'not of the page');
  return folder;
}

async function aPage(fileOrigins: string[] = []) {
  const { options } = await anApi();
  const page = pageInFolder(aBuiltPage())!;
  return jobsApi({ ...options, page, fileOrigins });
}

describe('the page at /', () => {
  it('is open to anybody, and asked for each time', async () => {
    const answer = await (await aPage()).request('/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain('<title>page</title>');
  });

  it('runs only what comes with it, is in no frame, and tells nobody where a link in it was followed from', async () => {
    const { headers } = await (await aPage()).request('/');
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('may fetch files from where they lie, and scripts from there no more than from elsewhere', async () => {
    const bucket = 'https://results.s3.eu-central-1.amazonaws.com';
    const policy = (await (await aPage([bucket])).request('/')).headers.get('content-security-policy')!;
    const allowed = policy.split('; ').filter((rule) => rule.includes(bucket));
    expect(allowed.map((rule) => rule.split(' ')[0])).toEqual(['connect-src', 'img-src', 'media-src', 'frame-src']);
  });

  it('is not sent again to who has it', async () => {
    const app = await aPage();
    const ETag = (await app.request('/')).headers.get('etag')!;
    const again = await app.request('/', { headers: { 'If-None-Match': ETag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});

describe('a file of the page', () => {
  it('is kept for ever: its name is its content', async () => {
    const answer = await (await aPage()).request('/assets/main-1A.js');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each(['/assets/gone.js', '/assets/notes.secret', '/assets/..%2Fother.js', '/assets/%2e%2e%2fother.js'])(
    'that is not one is not there: %s',
    async (path) => {
      const answer = await (await aPage()).request(path);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'NoSuchRoute' });
    },
  );
});

it('a folder without a page is none, and the API goes without it', async () => {
  expect(pageInFolder(aFolder())).toBeUndefined();
  const { options } = await anApi();
  expect((await jobsApi(options).request('/')).status).toBe(404);
});
