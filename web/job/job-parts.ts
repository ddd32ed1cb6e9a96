import { html, nothing, type TemplateResult } from 'lit';
import type { Job, JobEvent } from '../api-types.ts';
import { bytes, moment, money, timeOfDay, took, value } from '../format.ts';
import { jobHref } from '../routes.ts';

/** What people call a job: by its file. */
export function titleOf({ id, input }: Job): string {
  const others = input.length > 1 ? ` and ${input.length - 1} more` : '';
  return `${input[0]?.name ?? id}${others}`;
}

/** What a job is, in a few lines. */
export function factsBlock(job: Job): TemplateResult {
  const { charge, tags, batch, clonedFrom } = job;
  const size = charge?.inputBytes === undefined ? '' : `, ${bytes(charge.inputBytes)}`;
  const files = job.input.length === 1 ? '1 file' : `${job.input.length} files`;
  const rows: [string, unknown][] = [
    ['Workload', `${job.workload} ${job.workloadVersion}`],
    ['Input', `${files}${size}`],
    ['Created', html`<time datetime=${job.createdAt}>${moment(job.createdAt)}</time>`],
    ['Took', took(job.startedAt, job.endedAt)],
    ['Cost', charge && `${money(charge.usd)} by list prices`],
    ['Team, project', `${job.team}, ${job.project}`],
    ['Priority', job.priority === 'normal' ? undefined : job.priority],
    ['Tags', tags && Object.entries(tags).map(([name, text]) => html`<span class="tag">${name}: ${text}</span> `)],
    ['Batch', batch && html`<a href=${`#/batches/${encodeURIComponent(batch)}`}>${batch}</a>`],
    ['Cloned from', clonedFrom && html`<a href=${jobHref(clonedFrom)}>${clonedFrom}</a>`],
    ['Id', html`<code class="id">${job.id}</code>`],
  ];
  const shown = rows.filter(([, what]) => what !== undefined && what !== '');
  return html`<dl class="facts">${shown.map(([name, what]) => html`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl>`;
}

/** How far it is, while it runs. */
export function progressBlock({ status, progress }: Job): TemplateResult | typeof nothing {
  if (status !== 'RUNNING' || !progress) return nothing;
  const { step, percent, done, total } = progress;
  return html`<div class="far"><progress max="100" value=${percent} aria-label=${`${step}: ${percent} percent`}></progress>
    <p><strong>${step}</strong> ${done} of ${total}, ${Math.round(percent)} %</p></div>`;
}

export function waitingBlock({ status, waiting }: Job): TemplateResult | typeof nothing {
  if (!waiting || (status !== 'QUEUED' && status !== 'RUNNING')) return nothing;
  const { reason, since, place } = waiting;
  return html`<p class="waits"><strong>It waits:</strong> ${reason}${place === undefined ? '' : `; place ${place} in the queue`}.
    Since <time datetime=${since}>${moment(since)}</time>.</p>`;
}

/** What went wrong, who can do something about it, and what. */
export function errorBlock({ error, degraded }: Job): TemplateResult | typeof nothing {
  const lesser = degraded.map(({ step, reason }) => html`<li><strong>${step}</strong>: ${reason}</li>`);
  const less =
    degraded.length === 0 ? nothing : html`<section class="card"><h2>Done with less</h2><ul>${lesser}</ul></section>`;
  if (!error) return less;
  const { code, message, step, explanation } = error;
  return html`<section class="problem" aria-label="Error">
    <h2>${code}${step ? html` <small>in ${step}</small>` : nothing}</h2>
    <p class="message">${message}</p>
    ${
      explanation
        ? html`<dl class="facts">
          <div><dt>Kind</dt><dd>${explanation.kind}</dd></div>
          <div><dt>Who can act</dt><dd>${explanation.actor}</dd></div>
          <div><dt>The same again</dt><dd>${explanation.retryHelps ? 'may end well' : 'ends the same way'}</dd></div>
        </dl>
        <p class="next">Next: <code>${explanation.next}</code></p>
        <details><summary>Evidence</summary><ul>${explanation.evidence.map((one) => html`<li>${one}</li>`)}</ul></details>`
        : html`<p>Who can act: ${error.actor}</p>`
    }
  </section>${less}`;
}

function paramsBlock({ params }: Job): TemplateResult {
  const entries = Object.entries(params);
  if (entries.length === 0) return html`<p>All parameters are the workload’s own.</p>`;
  return html`<dl class="facts">${entries.map(
    ([name, one]) => html`<div><dt>${name}</dt><dd><code>${value(one)}</code></dd></div>`,
  )}</dl>`;
}

/** What is opened only by who wants to know more. */
export function detailsOf(job: Job, events: JobEvent[]): TemplateResult {
  return html`<details><summary>Parameters</summary>${paramsBlock(job)}</details>
    ${job.input.length > 1 ? html`<details><summary>Inputs (${job.input.length})</summary><ol>${job.input.map(({ name }) => html`<li>${name}</li>`)}</ol></details>` : nothing}
    <details><summary>Events (${events.length})</summary>${historyBlock(events)}</details>`;
}

function historyBlock(events: JobEvent[]): TemplateResult {
  if (events.length === 0) return html`<p>Nothing has happened yet.</p>`;
  return html`<div class="wide" tabindex="0" role="group" aria-label="Events"><table class="history">
    <thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">State</th><th scope="col">Said</th></tr></thead>
    <tbody>${events.map(({ at, type, state, shard, attempt, error, cause }) => {
      const place = `${state ?? ''}${shard === undefined ? '' : ` · shard ${shard}`}${attempt === undefined ? '' : ` · attempt ${attempt}`}`;
      const said = [error, cause].filter((one) => one !== undefined).join(': ');
      return html`<tr><td><time datetime=${at}>${timeOfDay(at)}</time></td><td>${type}</td><td>${place}</td><td>${said}</td></tr>`;
    })}</tbody>
  </table></div>`;
}
