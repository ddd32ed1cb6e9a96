import { html, nothing, type TemplateResult } from 'lit';
import { read, send } from '../api.ts';
import type { Batch, Job, JobPage, Refusals } from '../api-types.ts';
import { badge, toneOf } from '../badge.ts';
import { moment, words } from '../format.ts';
import type { LiveJobs } from '../live.ts';
import { jobHref } from '../routes.ts';
import { View } from '../view.ts';
import { countsBar } from './batches-page.ts';

// More squares than that are no picture any more.
const MOST_SQUARES = 1_000;
const AGAIN_MS = 1_500;

/** One batch: a square for each member, coloured by its state, which leads to the job. */
class BatchPage extends View {
  static override properties = { live: { attribute: false }, batchId: { attribute: false } };
  declare live: LiveJobs;
  declare batchId: string;

  private batch: Batch | undefined;
  private jobs = new Map<string, Job>();
  private refusals: Refusals['refusals'] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Batch · Stepreel';
    this.live.addEventListener('job', this.onJob);
    this.live.addEventListener('caught-up', this.load);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.live.removeEventListener('job', this.onJob);
    this.live.removeEventListener('caught-up', this.load);
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('batchId')) void this.load();
  }

  private get path(): string {
    return `batches/${encodeURIComponent(this.batchId)}`;
  }

  private readonly load = async () => {
    await this.attempt(async () => {
      await this.readCounts();
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ batch: this.batchId, limit: '200', ...(cursor ? { cursor } : {}) });
        const page: JobPage = await read<JobPage>(`jobs?${query}`);
        for (const job of page.jobs) this.jobs.set(job.id, job);
        cursor = page.next;
      } while (cursor !== undefined && this.jobs.size < MOST_SQUARES);
      if (this.batch!.refused > 0) this.refusals = (await read<Refusals>(`${this.path}/refusals`)).refusals;
    });
  };

  private async readCounts(): Promise<void> {
    this.batch = await read<Batch>(this.path);
  }

  private readonly onJob = (event: Event) => {
    const job = (event as CustomEvent<Job>).detail;
    if (job.batch !== this.batchId) return;
    if (this.jobs.has(job.id) || this.jobs.size < MOST_SQUARES) this.jobs.set(job.id, job);
    this.requestUpdate();
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.attempt(() => this.readCounts());
    }, AGAIN_MS);
  };

  private isAsked = false;

  private readonly ask = () => {
    this.isAsked = !this.isAsked;
    this.requestUpdate();
  };

  private readonly cancel = () =>
    this.attempt(async () => {
      this.batch = await send<Batch>(`${this.path}/cancel`);
      this.isAsked = false;
    });

  protected override render(): TemplateResult {
    const { batch } = this;
    if (!batch) return html`<h1>Batch</h1>${this.pending()}`;
    const squares = [...this.jobs.values()].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    const goesOn =
      batch.left > 0 || ['QUEUED', 'STARTING', 'RUNNING'].some((state) => (batch.counts[state as 'QUEUED'] ?? 0) > 0);
    const left = batch.left > 0 ? `, ${batch.left.toLocaleString()} nobody has looked at yet` : '';
    return html`<p class="crumbs"><a href="#/batches">Batches</a> / ${batch.workload}</p>
      <div class="title"><h1>${batch.name ?? batch.id} ${badge(batch.status)}</h1>
        ${goesOn ? html`<div class="actions"><button type="button" class="second" aria-expanded=${this.isAsked} @click=${this.ask}>Cancel…</button></div>` : nothing}</div>
      ${this.isAsked && goesOn ? this.cancelPanel() : nothing} ${this.refusal()}
      <section class="card" aria-label="About the batch">
        ${countsBar(batch)}
        <p class="hint">Created ${moment(batch.createdAt)}. ${batch.submitted.toLocaleString()} of ${batch.total.toLocaleString()} items are jobs, ${batch.refused.toLocaleString()} were refused${left}.</p>
      </section>
      <h2 id="members">Members</h2>
      <ul class="squares" aria-labelledby="members">${squares.map(
        ({ id, status, input, progress }) => html`<li><a class=${`tone-${toneOf(status)}`} href=${jobHref(id)}
          title=${`${input[0]?.name ?? id}: ${words(status)}`}><span class="unseen">${input[0]?.name ?? id}: ${words(status)} ${progress?.percent ?? ''}</span></a></li>`,
      )}</ul>
      ${batch.submitted > squares.length ? html`<p>The newest ${squares.length} are shown. <a href=${`#/?q=${encodeURIComponent(batch.id)}`}>Find others</a></p>` : nothing}
      ${this.refusals.length === 0 ? nothing : this.refusalsTable()}`;
  }

  private cancelPanel(): TemplateResult {
    return html`<div class="card"><p>No more members are made, and those that have not ended are cancelled. What has ended stays.</p>
      <button type="button" class="danger" @click=${this.cancel}>Cancel the batch</button></div>`;
  }

  private refusalsTable(): TemplateResult {
    return html`<h2>Refused</h2><div class="wide" tabindex="0" role="group" aria-label="Refused"><table>
      <thead><tr><th scope="col">Item</th><th scope="col">Input</th><th scope="col">Why</th></tr></thead>
      <tbody>${this.refusals.map(
        ({ item, key, input, code, message }) =>
          html`<tr><th scope="row">${key ?? item}</th><td>${input.join(', ')}</td><td>${code}: ${message}</td></tr>`,
      )}</tbody></table></div>`;
  }
}

customElements.define('batch-page', BatchPage);
