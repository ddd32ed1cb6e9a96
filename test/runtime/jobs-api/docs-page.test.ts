import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { html } from '#core/markup';
import { docsPage } from '#runtime/jobs-api/docs-page';
import { openApiDocument } from '#runtime/jobs-api/openapi';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { anApi } from '../../helpers/jobs-api.ts';

const document = openApiDocument('1.2.3', OPERATIONS);
const page = docsPage(document);

it('has every operation, with its path, its summary and an anchor', () => {
  for (const [id, { path, summary }] of Object.entries(OPERATIONS)) {
    expect(page).toContain(`<article id="${id}">`);
    expect(page).toContain(html`<code>${path}</code>`.text);
    expect(page).toContain(html`${summary}`.text);
  }
});

it('has every shared schema and every problem code', () => {
  for (const name of Object.keys(document.components.schemas)) expect(page).toContain(`id="schema-${name}"`);
  for (const { code } of document['x-problem-codes']) expect(page).toContain(`>${code}</code>`);
});

it('leads nowhere that is not there', () => {
  const targets = Array.from(page.matchAll(/href="#([^"]+)"/g), ([, target]) => target!);
  const anchors = new Set(Array.from(page.matchAll(/ id="([^"]+)"/g), ([, anchor]) => anchor!));
  expect(targets.length).toBeGreaterThan(50);
  expect(targets.filter((target) => !anchors.has(target))).toEqual([]);
});

it('closes what it opens', () => {
  for (const tag of [
    'article',
    'section',
    'table',
    'tbody',
    'tr',
    'td',
    'th',
    'ul',
    'li',
    'details',
    'pre',
    'p',
    'code',
  ]) {
    const count = (pattern: string) => page.match(new RegExp(pattern, 'g'))?.length ?? 0;
    expect([tag, count(`<${tag}[ >]`)]).toEqual([tag, count(`</${tag}>`)]);
  }
});

it('says nothing of a description as markup', () => {
  const summary = '<img src=x onerror=alert(1)> & "more"';
  const odd = openApiDocument('1', {
    odd: { method: 'get', path: '/odd', summary, answers: { 200: null }, problems: [] },
  });
  expect(docsPage(odd)).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;more&quot;');
  expect(docsPage(odd)).not.toContain('<img');
});

it('is served to anybody, runs nothing, fetches nothing, and is allowed its one style', async () => {
  const { ask } = await anApi();
  const { status, headers, body } = await ask('GET', '/docs', { team: undefined });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  expect(body).not.toMatch(/<script|<link|<img|src=|@import|url\(/);
  const style = /<style>([\s\S]*)<\/style>/.exec(body)![1]!;
  const digest = createHash('sha256').update(style).digest('base64');
  expect(headers.get('content-security-policy')).toContain(`style-src 'sha256-${digest}'`);
});
