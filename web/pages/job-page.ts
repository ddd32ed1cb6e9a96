import { html, nothing, type TemplateResult } from 'lit';
import { read } from '../api.ts';
import type { Events, Job, JobEvent } from '../api-types.ts';
import { badge, isSettled } from '../badge.ts';
import { words } from '../format.ts';
import type { Machine } from '../job/graph-layout.ts';
import '../job/job-actions.ts';
import { detailsOf, errorBlock, factsBlock, progressBlock, titleOf, waitingBlock } from '../job/job-parts.ts';
import { statesBlock } from '../job/states-block.ts';
import '../job/job-receipt.ts';
import '../job/log-tail.ts';
import type { LiveJobs } from '../live.ts';
import '../results/job-results.ts';
import { View } from '../view.ts';

// Events are read when a job comes to another state or step, at most so often; while it only goes on, far less often.
const EVENTS_EVERY_MS = 1_500;
const SAME_STEP_MS = 10_000;

/** One job: how it goes, why it waits or failed, what came of it, and what can be done with it. */
class JobPage extends View {
  static override properties = { live: { attribute: false }, jobId: { attribute: false } };
  declare live: LiveJobs;
  declare jobId: string;

  private job: Job | undefined;
  private machine: Machine | undefined;
  private events: JobEvent[] = [];
  private readEventsAt = 0;
  private eventsTimer: ReturnType<typeof setTimeout> | undefined;
  private tick: ReturnType<typeof setInterval> | undefined;
  private announced = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.live.addEventListener('job', this.onJob);
    this.live.addEventListener('caught-up', this.onCaughtUp);
    this.tick = setInterval(() => this.job && !isSettled(this.job.status) && this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.live.removeEventListener('job', this.onJob);
    this.live.removeEventListener('caught-up', this.onCaughtUp);
    clearInterval(this.tick);
    clearTimeout(this.eventsTimer);
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('jobId')) void this.load();
  }

  private async load(): Promise<void> {
    const id = this.jobId;
    [this.job, this.events] = [undefined, []];
    await this.attempt(async () => {
      this.take(await read<Job>(`jobs/${encodeURIComponent(id)}`));
      this.machine = await read<Machine>(`workloads/${this.job!.workload}/machine`).catch(() => undefined);
      await this.readEvents();
    });
  }

  private readonly onCaughtUp = () => void this.load();

  private readonly onJob = (event: Event) => {
    const job = (event as CustomEvent<Job>).detail;
    if (job.id !== this.jobId || !this.job) return;
    // Why it waits hangs on other jobs, which the stream does not tell.
    if (job.status === 'QUEUED') return void this.readAgain();
    const isSame = placeOf(job) === placeOf(this.job);
    this.take(job);
    this.requestUpdate();
    const everyMs = isSame ? SAME_STEP_MS : EVENTS_EVERY_MS;
    if (!isSame) clearTimeout(this.eventsTimer);
    if (isSame && this.eventsTimer !== undefined) return;
    this.eventsTimer = setTimeout(
      () => {
        this.eventsTimer = undefined;
        void this.attempt(() => this.readEvents());
      },
      Math.max(0, this.readEventsAt + everyMs - Date.now()),
    );
  };

  private async readAgain(): Promise<void> {
    const before = this.job;
    await this.attempt(async () => {
      const job = await read<Job>(`jobs/${encodeURIComponent(this.jobId)}`);
      // What the stream has told meanwhile is newer.
      if (this.job === before) this.take(job);
    });
  }

  private take(job: Job): void {
    if (this.job && this.job.status !== job.status) this.announced = `The job is now ${words(job.status)}.`;
    this.job = job;
    document.title = `${words(job.status)}: ${job.input[0]?.name ?? job.id} · Stepreel`;
  }

  private async readEvents(): Promise<void> {
    this.readEventsAt = Date.now();
    const events: JobEvent[] = [];
    let cursor: string | undefined = '0';
    while (cursor !== undefined) {
      const page: Events = await read<Events>(
        `jobs/${encodeURIComponent(this.jobId)}/events?limit=1000&cursor=${cursor}`,
      );
      events.push(...page.events);
      cursor = page.next;
    }
    this.events = events;
  }

  protected override render(): TemplateResult {
    const { job } = this;
    if (!job) return html`<h1>Job</h1>${this.pending()}`;
    const hasResult = job.links.results !== undefined;
    const beside = html`${detailsOf(job, this.events)}
      <details @toggle=${this.onToggle} data-part="log"><summary>Log</summary>${this.opened.has('log') ? html`<log-tail .job=${job}></log-tail>` : nothing}</details>
      <details @toggle=${this.onToggle} data-part="receipt"><summary>Receipt</summary>${this.opened.has('receipt') ? html`<job-receipt .job=${job}></job-receipt>` : nothing}</details>`;
    return html`<p class="crumbs"><a href="#/">Jobs</a> / <a href=${`#/?workload=${encodeURIComponent(job.workload)}`}>${job.workload}</a></p>
      <div class="title"><h1>${titleOf(job)} ${badge(job.status)}</h1>
        <job-actions .job=${job} @changed=${() => void this.load()}></job-actions></div>
      <div role="status" class="unseen">${this.announced}</div>
      ${this.refusal()} ${errorBlock(job)} ${waitingBlock(job)} ${progressBlock(job)}
      <section class="card" aria-label="About the job">${factsBlock(job)}</section>
      ${hasResult ? html`<section aria-labelledby="result-title"><h2 id="result-title">Result</h2><job-results .path=${`jobs/${job.id}`}></job-results></section>` : nothing}
      <section aria-labelledby="states-title"><h2 id="states-title">How it went</h2>${statesBlock(job, this.machine, this.events, beside)}</section>`;
  }

  private opened = new Set<string>();

  /** What nobody opens is not asked for. */
  private onToggle(event: Event): void {
    const details = event.currentTarget as HTMLDetailsElement;
    if (details.open) this.opened.add(details.dataset.part!);
    else this.opened.delete(details.dataset.part!);
    this.requestUpdate();
  }
}

/** What tells that something has begun or ended. */
function placeOf({ status, progress, waiting }: Job): string {
  return [status, progress?.step, waiting?.reason].join(' ');
}

customElements.define('job-page', JobPage);
