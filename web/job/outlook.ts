import { html, type TemplateResult } from 'lit';
import type { Again } from '../api-types.ts';
import { money, seconds } from '../format.ts';
import { jobHref } from '../routes.ts';

const RUNS: Record<Again['steps'][number]['runs'], string> = {
  all: 'is done',
  rest: 'what is missing is done',
  none: 'is taken over',
};

/** What starting again would do, step by step, and what is left would cost. */
export function outlookBlock({ steps, quote }: Again): TemplateResult {
  const rows = steps.map(
    ({
      step,
      runs,
      from,
    }) => html`<tr><th scope="row">${step}</th><td><span class=${`dot ${runs === 'none' ? 'reused' : 'running'}`} aria-hidden="true"></span> ${RUNS[runs]}</td>
      <td>${from.map((id) => html`<a href=${jobHref(id)}>${id}</a> `)}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0" role="group" aria-label="What will be done"><table><caption>What will be done</caption>
    <thead><tr><th scope="col">Step</th><th scope="col">Then</th><th scope="col">From</th></tr></thead><tbody>${rows}</tbody></table></div>
    <p>Likely ${seconds(quote.seconds.likely)} (${seconds(quote.seconds.low)} to ${seconds(quote.seconds.high)}) and
      <strong>${money(quote.usd.likely)}</strong> (${money(quote.usd.low)} to ${money(quote.usd.high)}); ${quote.basis.how}.</p>`;
}
