import { createHash } from 'node:crypto';
import { html, Markup } from '#core/markup';
import { schemaBlock } from './docs-page-schema.ts';
import { STYLE } from './docs-page-style.ts';
import type { DescribedContent, DescribedOperation, JsonSchema, OpenApiDocument } from './openapi.ts';
import { titleOf } from './problems.ts';

/** Nothing is fetched and nothing runs: the page is all there is, and its one style is known by its digest. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;

type Row = DescribedOperation & { method: string; path: string };

/** The API as a page to read, derived from its OpenAPI document. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, components } = document;
  const operations = rowsOf(document);
  const topics = tags.map((tag) => ({ ...tag, operations: operations.filter((one) => one.tags.includes(tag.name)) }));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${info.title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<nav aria-label="Operations">
<p class="brand"><a href="#top">${info.title}</a></p>
${topics.map(
  ({ name, operations }) => html`<h2><a href="#${anchorOf(name)}">${name}</a></h2>
<ul>${operations.map(navigationEntry)}</ul>
`,
)}<h2><a href="#problems">Problems</a></h2>
<h2><a href="#schemas">Schemas</a></h2>
<ul>${Object.keys(components.schemas).map((name) => html`<li><a href="#schema-${name}">${name}</a></li>`)}</ul>
</nav>
<main id="top">
<header>
<h1>${info.title} <small>${info.version}</small></h1>
<p>${info.description}</p>
<p>A deployed API asks for a credential: an API key as <code>x-api-key</code>, or a token as <code>Authorization: Bearer</code>. At home it asks for none. Programs read <a href="openapi.json">openapi.json</a>.</p>
</header>
${topics.map(
  ({ name, description, operations }) => html`<section id="${anchorOf(name)}">
<h2>${name}</h2>
${description === undefined ? undefined : html`<p>${description}</p>`}
${operations.map((one) => operationBlock(one, components.schemas))}
</section>
`,
)}${problemsBlock(document)}
<section id="schemas">
<h2>Schemas</h2>
${Object.entries(components.schemas).map(
  ([name, schema]) => html`<article id="schema-${name}"><h3>${name}</h3>${schemaBlock(schema)}</article>
`,
)}</section>
</main>
</body>
</html>
`;
  return page.text;
}

function rowsOf({ paths }: OpenApiDocument): Row[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, ...operation })),
  );
}

function navigationEntry({ operationId, method, path, deprecated }: Row): Markup {
  const name = deprecated ? html`<s>${path}</s>` : html`${path}`;
  return html`<li><a href="#${operationId}"><b class="${method.toLowerCase()}">${method}</b> ${name}</a></li>`;
}

function operationBlock(operation: Row, shared: Record<string, JsonSchema>): Markup {
  const {
    operationId,
    method,
    path,
    summary,
    description,
    deprecated,
    parameters = [],
    requestBody,
    responses,
  } = operation;
  const answers = Object.entries(responses);
  const problems = answers.filter(([, { content = {} }]) => 'application/problem+json' in content);
  const good = answers.filter((answer) => !problems.includes(answer));
  return html`<article id="${operationId}">
<h3><b class="${method.toLowerCase()}">${method}</b> <code>${path}</code>${deprecated ? html` <mark>old name</mark>` : undefined}</h3>
<p class="summary">${summary}${/[.!?]$/.test(summary) ? '' : '.'}</p>
${description === undefined ? undefined : html`<p>${description}</p>`}
${parameters.length === 0 ? undefined : parametersBlock(parameters)}
${requestBody ? html`<h4>Body</h4>${contentBlock(spelledOut(requestBody.content, shared))}` : undefined}
${good.map(([status, { description, content }]) => html`<h4>Answer ${status}</h4>${content ? contentBlock(content) : html`<p>${description}, without a body.</p>`}`)}
<p class="problems">Problems: ${problems.map(([status]) => html`<a href="#problems-${status}">${status}</a> `)}</p>
</article>
`;
}

function parametersBlock(parameters: NonNullable<DescribedOperation['parameters']>): Markup {
  const properties = Object.fromEntries(
    parameters.map(({ name, in: place, description = '', schema }) => [
      name,
      { ...schema, description: place === 'header' ? `${description}${description ? '. ' : ''}A header` : description },
    ]),
  );
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return html`<h4>Parameters</h4>${schemaBlock({ type: 'object', properties, required })}`;
}

function contentBlock(content: Record<string, DescribedContent>): Markup {
  const blocks = Object.entries(content).map(([type, { schema, example }]) => {
    const note = type === 'application/json' ? undefined : html`<p><code>${type}</code></p>`;
    return html`${note}${schemaBlock(schema)}${example === undefined ? undefined : exampleBlock(example)}`;
  });
  return html`${blocks}`;
}

/** What is to be sent is shown where it is asked for, and not behind a reference. */
function spelledOut(content: Record<string, DescribedContent>, shared: Record<string, JsonSchema>) {
  const entries = Object.entries(content).map(([type, { schema, ...rest }]) => {
    const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1)! : undefined;
    return [type, { ...rest, schema: name === undefined ? schema : shared[name]! }] as const;
  });
  return Object.fromEntries(entries);
}

function exampleBlock(example: unknown): Markup {
  return html`<details><summary>Example</summary><pre>${JSON.stringify(example, null, 2)}</pre></details>`;
}

function problemsBlock(document: OpenApiDocument): Markup {
  const byStatus = Map.groupBy(document['x-problem-codes'], ({ status }) => status);
  const rows = Array.from(byStatus, ([status, codes]) => {
    const names = codes.map(({ code }) => html`<code title="${titleOf(code)}">${code}</code> `);
    return html`<tr id="problems-${status}"><th scope="row">${status}</th><td>${names}</td></tr>
`;
  });
  return html`<section id="problems">
<h2>Problems</h2>
<p>Whatever is refused answers with a problem document (RFC 9457), <a href="#schema-Problem">Problem</a>: its <code>code</code> stays the same, <code>detail</code> says what was found, and <code>hint</code> what to do.</p>
<table><thead><tr><th>Status</th><th>Codes</th></tr></thead><tbody>
${rows}</tbody></table>
</section>`;
}

function anchorOf(topic: string): string {
  return `topic-${topic.toLowerCase().replaceAll(/\W+/g, '-')}`;
}
