import { expect, it } from 'vitest';
import { html, Markup } from '#core/markup';

it.each([
  {
    name: 'escapes what could end a text or a quoted attribute',
    page: html`<p title="${`"'<>&`}">`,
    text: '<p title="&quot;&#39;&lt;&gt;&amp;">',
  },
  {
    name: 'takes markup as it is, alone and in lists',
    page: html`<ul>${[html`<li>${1}`, [new Markup('<li>')]]}</ul>`,
    text: '<ul><li>1<li></ul>',
  },
  { name: 'leaves nothing of what is not there', page: html`<b>${undefined}</b>`, text: '<b></b>' },
])('$name', ({ page, text }) => expect(page.text).toBe(text));
