import { html, type Markup } from './markup.ts';

/** The key numbers of a report, each with what it counts. */
export function numberCards(cards: readonly (readonly [value: string | number, label: string])[]): Markup {
  return html`<section class="numbers">${cards.map(([value, label]) => html`<div><b>${value}</b><span>${label}</span></div>`)}</section>`;
}

/** By what a result was made: models, digests, parameters. */
export function howItWasMade(rows: readonly (readonly [name: string, value: string])[]): Markup {
  return html`<section><h2>How it was made</h2><table class="facts">${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`,
  )}</table></section>`;
}
