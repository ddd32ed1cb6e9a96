import { html, nothing, type TemplateResult } from 'lit';
import type { Job, JobEvent } from '../api-types.ts';
import { badge } from '../badge.ts';
import { bytes, moment, money, timeOfDay, took, value } from '../format.ts';
import { progressOf } from '../pages/jobs-page.ts';
import { jobHref } from '../routes.ts';
import { layOut, type Machine } from './graph-layout.ts';
import { stateRuns } from './job-states.ts';
import { factsOf, stateGraph } from './state-graph.ts';

/** What a job is, in a few lines. */
export function factsBlock(job: Job): TemplateResult {
  const rows: [string, unknown][] = [
    ['State', html`${badge(job.status)} ${progressOf({ ...job, error: undefined } as Job)}`],
    ['Input', job.input.map(({ name }) => name).join(', ')],
    ['Workload', `${job.workload} ${job.workloadVersion}`],
    ['Team, project', `${job.team}, ${job.project}`],
    ['Priority', job.priority],
    ['Created', moment(job.createdAt)],
    ['Took', took(job.startedAt, job.endedAt)],
    ['Cost', job.charge && `${money(job.charge.usd)} by list prices`],
    ['Input size', job.charge?.inputBytes === undefined ? undefined : bytes(job.charge.inputBytes)],
    [
      'Tags',
      job.tags &&
        Object.entries(job.tags)
          .map(([name, text]) => `${name}: ${text}`)
          .join(', '),
    ],
    ['Batch', job.batch && html`<a href=${`#/batches/${encodeURIComponent(job.batch)}`}>${job.batch}</a>`],
    ['Cloned from', job.clonedFrom && html`<a href=${jobHref(job.clonedFrom)}>${job.clonedFrom}</a>`],
    ['Id', html`<code>${job.id}</code>`],
  ];
  const shown = rows.filter(([, what]) => what !== undefined && what !== '');
  return html`<dl class="facts">${shown.map(([name, what]) => html`<div><dt>${name}</dt><dd>${what}</dd></div>`)}</dl>`;
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
          <div><dt>Next</dt><dd><code>${explanation.next}</code></dd></div>
        </dl>
        <details><summary>Evidence</summary><ul>${explanation.evidence.map((one) => html`<li>${one}</li>`)}</ul></details>`
        : html`<p>Who can act: ${error.actor}</p>`
    }
  </section>${less}`;
}

export function paramsBlock({ params }: Job): TemplateResult {
  const entries = Object.entries(params);
  if (entries.length === 0) return html`<p>All parameters are the workload’s own.</p>`;
  return html`<dl class="facts">${entries.map(
    ([name, one]) => html`<div><dt>${name}</dt><dd><code>${value(one)}</code></dd></div>`,
  )}</dl>`;
}

/** The machine as a picture, and the same as a table for who can't see it. */
export function statesBlock(job: Job, machine: Machine | undefined, events: JobEvent[]): TemplateResult {
  const runs = stateRuns(events, job);
  const choices = new Set(
    (machine ? layOut(machine).nodes : []).filter(({ type }) => type === 'Choice').map(({ name }) => name),
  );
  const rows = [...runs].filter(([name]) => !choices.has(name));
  return html`<div class="states">
    ${machine ? html`<div class="graph-frame" tabindex="0" role="group" aria-label="State graph">${stateGraph(machine, runs)}</div>` : nothing}
    <div class="wide"><table>
      <caption>States, as they were reached</caption>
      <thead><tr><th scope="col">State</th><th scope="col">How it went</th><th scope="col">Last error</th></tr></thead>
      <tbody>${rows.map(
        ([
          name,
          run,
        ]) => html`<tr><th scope="row">${name}</th><td><span class=${`dot ${run.outcome}`} aria-hidden="true"></span> ${factsOf(run) || run.outcome}</td>
          <td>${run.error ? html`<span title=${run.error.cause ?? ''}>${run.error.name}</span>` : nothing}</td></tr>`,
      )}</tbody>
    </table></div>
  </div>`;
}

export function historyBlock(events: JobEvent[]): TemplateResult {
  if (events.length === 0) return html`<p>Nothing has happened yet.</p>`;
  return html`<div class="wide"><table class="history">
    <thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">State</th><th scope="col">Said</th></tr></thead>
    <tbody>${events.map(({ at, type, state, shard, attempt, error, cause }) => {
      const place = `${state ?? ''}${shard === undefined ? '' : ` · shard ${shard}`}${attempt === undefined ? '' : ` · attempt ${attempt}`}`;
      const said = [error, cause].filter((one) => one !== undefined).join(': ');
      return html`<tr><td><time datetime=${at}>${timeOfDay(at)}</time></td><td>${type}</td><td>${place}</td><td>${said}</td></tr>`;
    })}</tbody>
  </table></div>`;
}
