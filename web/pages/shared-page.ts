import { html, nothing, type TemplateResult } from 'lit';
import { read } from '../api.ts';
import type { Events, Job, JobEvent, Shared } from '../api-types.ts';
import { badge, isSettled } from '../badge.ts';
import { moment } from '../format.ts';
import type { Machine } from '../job/graph-layout.ts';
import { detailsOf, errorBlock, factsBlock, progressBlock, titleOf, waitingBlock } from '../job/job-parts.ts';
import { statesBlock } from '../job/states-block.ts';
import '../results/job-results.ts';
import { View } from '../view.ts';

// There is no stream without a credential; a guest's page looks again now and then until the job has ended.
const AGAIN_MS = 5_000;

/** What somebody sees who was sent a link: one job, and nothing to do with it. */
class SharedPage extends View {
  static override properties = { token: { attribute: false } };
  declare token: string;

  private shared: Shared | undefined;
  private events: JobEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('token')) void this.load();
  }

  private async load(): Promise<void> {
    const path = `shared/${encodeURIComponent(this.token)}`;
    document.title = 'Shared job · Stepreel';
    await this.attempt(async () => {
      this.shared = await read<Shared>(path);
      this.events = (await read<Events>(`${path}/events`)).events;
    });
    const goesOn = this.shared !== undefined && !isSettled(this.shared.job.status);
    if (goesOn && this.isConnected) this.timer = setTimeout(() => void this.load(), AGAIN_MS);
  }

  protected override render(): TemplateResult {
    if (!this.shared) return html`<h1>Shared job</h1>${this.pending()}`;
    const { expiresAt, machine } = this.shared;
    const job = this.shared.job as Job;
    const path = `shared/${encodeURIComponent(this.token)}`;
    return html`<div class="title"><h1>${titleOf(job)} ${badge(job.status)}</h1></div>
      <p>This link can be followed until <time datetime=${expiresAt}>${moment(expiresAt)}</time>.</p>
      ${this.refusal()} ${errorBlock(job)} ${waitingBlock(job)} ${progressBlock(job)}
      <section class="card" aria-label="About the job">${factsBlock({ ...job, batch: undefined, clonedFrom: undefined } as unknown as Job)}</section>
      ${job.links.results ? html`<section aria-labelledby="result-title"><h2 id="result-title">Result</h2><job-results .path=${path}></job-results></section>` : nothing}
      <section aria-labelledby="states-title"><h2 id="states-title">How it went</h2>${statesBlock(job, machine as Machine | undefined, this.events, detailsOf(job, this.events))}</section>`;
  }
}

customElements.define('shared-page', SharedPage);
