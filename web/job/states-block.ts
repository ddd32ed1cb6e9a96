import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { Job, JobEvent } from '../api-types.ts';
import { seconds } from '../format.ts';
import { layOut, type Machine } from './graph-layout.ts';
import { type StateRun, stateRuns } from './job-states.ts';
import { factsOf, stateGraph } from './state-graph.ts';

/** The machine as a picture, the same as a table for who can't see it, and below the table what else is told. */
export function statesBlock(
  job: Job,
  machine: Machine | undefined,
  events: JobEvent[],
  beside: TemplateResult,
): TemplateResult {
  const runs = stateRuns(events, job);
  const choices = new Set(
    (machine ? layOut(machine).nodes : []).filter(({ type }) => type === 'Choice').map(({ name }) => name),
  );
  const rows = [...runs].filter(([name]) => !choices.has(name));
  const span = spanOf(rows.map(([, run]) => run));
  return html`<div class="states">
    ${machine ? html`<div class="graph-frame" tabindex="0" role="group" aria-label="State graph">${stateGraph(machine, runs)}</div>` : nothing}
    <div class="beside">
      <div class="card wide"><table class="runs">
        <thead><tr><th scope="col">State</th><th scope="col">How it went</th><th scope="col" class="spare">When</th></tr></thead>
        <tbody>${rows.map(([name, run]) => stateRow(name, run, span))}</tbody>
      </table></div>
      ${beside}
    </div>
  </div>`;
}

function stateRow(name: string, run: StateRun, span: Span): TemplateResult {
  const { outcome, error } = run;
  return html`<tr><th scope="row">${name}</th>
    <td><span class=${`dot ${outcome}`} aria-hidden="true"></span> ${factsOf(run) || outcome}
      ${error ? html`<small title=${error.cause ?? ''}>${error.name}</small>` : nothing}</td>
    <td class="spare">${bar(run, span)}</td></tr>`;
}

/** From the first state's start to the last one's end, in milliseconds since 1970. */
interface Span {
  from: number;
  to: number;
}

function spanOf(runs: StateRun[], now = Date.now()): Span {
  const starts = runs.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [Date.parse(startedAt)]));
  const ends = runs.map((run) => endOf(run, now) ?? 0);
  const from = Math.min(...starts);
  return { from, to: Math.max(from + 1, ...ends) };
}

function endOf({ outcome, startedAt, endedAt = startedAt }: StateRun, now: number): number | undefined {
  if (outcome === 'running' || outcome === 'waiting') return now;
  return endedAt === undefined ? undefined : Date.parse(endedAt);
}

/** When a state was at work, within the time of all. */
function bar(run: StateRun, { from, to }: Span): TemplateResult | typeof nothing {
  if (run.startedAt === undefined) return nothing;
  const [start, end] = [Date.parse(run.startedAt), endOf(run, Date.now())!];
  const at = (time: number) => (100 * (time - from)) / (to - from);
  const told = `from ${seconds((start - from) / 1000)} to ${seconds((end - from) / 1000)}`;
  return html`<svg class="when" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label=${told}>${stretch(at(start), at(end), run)}</svg>`;
}

function stretch(from: number, to: number, { outcome }: StateRun): SVGTemplateResult {
  const width = Math.max(0.8, to - from);
  return svg`<rect class=${`tone-${outcome}`} x=${Math.min(from, 100 - width)} y="0" width=${width} height="10" rx="1"></rect>`;
}
