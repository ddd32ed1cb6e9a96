import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { read } from '../api.ts';
import type { Job, JobPage, Workloads } from '../api-types.ts';
import { badge, isSettled, STATES } from '../badge.ts';
import { moment, money, shortId, took, words } from '../format.ts';
import type { LiveJobs } from '../live.ts';
import { jobHref } from '../routes.ts';
import { View } from '../view.ts';

const PAGE_SIZE = 50;
// The API finds jobs by what it has an index of. Texts are looked for here, among as many of the newest.
const MOST_SEARCHED = 2_000;
const SEARCH_PAGE = 200;

/** The team's jobs, newest first, as they change. */
class JobsPage extends View {
  static override properties = { live: { attribute: false }, query: { attribute: false } };
  declare live: LiveJobs;
  declare query: string;

  private jobs: Job[] = [];
  private next: string | undefined;
  private isLoading = true;
  private workloads: string[] = [];
  private loading = new AbortController();
  private tick: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Jobs · Stepreel';
    this.live.addEventListener('job', this.onJob);
    this.live.addEventListener('caught-up', this.onCaughtUp);
    this.tick = setInterval(() => this.jobs.some(({ status }) => !isSettled(status)) && this.requestUpdate(), 1000);
    void this.attempt(async () => {
      this.workloads = (await read<Workloads>('workloads')).workloads.map(({ name }) => name);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.live.removeEventListener('job', this.onJob);
    this.live.removeEventListener('caught-up', this.onCaughtUp);
    clearInterval(this.tick);
    this.loading.abort();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('query')) void this.load();
  }

  private get filters() {
    const query = new URLSearchParams(this.query);
    const of = (name: string) => query.get(name) ?? '';
    return { status: of('status'), workload: of('workload'), project: of('project'), text: of('q') };
  }

  private async load(): Promise<void> {
    this.loading.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.isLoading = true;
    const { text } = this.filters;
    await this.attempt(async () => {
      let found: Job[] = [];
      let cursor: string | undefined;
      do {
        const page = await this.readPage(cursor, text === '' ? PAGE_SIZE : SEARCH_PAGE, signal);
        found = [...found, ...page.jobs];
        cursor = page.next;
      } while (text !== '' && cursor !== undefined && found.length < MOST_SEARCHED);
      [this.jobs, this.next, this.isLoading] = [found, cursor, false];
    });
  }

  private async readPage(cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<JobPage> {
    const { status, workload, project } = this.filters;
    const given = { status, workload, project, cursor: cursor ?? '', limit: `${limit}` };
    const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
    return await read<JobPage>(`jobs?${query}`, signal);
  }

  private readonly more = () =>
    this.attempt(async () => {
      const { jobs, next } = await this.readPage(this.next, PAGE_SIZE);
      const known = new Set(this.jobs.map(({ id }) => id));
      this.jobs = [...this.jobs, ...jobs.filter(({ id }) => !known.has(id))];
      this.next = next;
    });

  private readonly onCaughtUp = () => void this.load();

  private readonly onJob = (event: Event) => {
    const job = (event as CustomEvent<Job>).detail;
    if (this.isLoading) return;
    const place = this.jobs.findIndex(({ id }) => id === job.id);
    const fits = this.fits(job);
    if (place >= 0) this.jobs = fits ? this.jobs.with(place, job) : this.jobs.toSpliced(place, 1);
    else if (fits && (this.jobs.length === 0 || job.createdAt >= this.jobs[0]!.createdAt)) {
      this.jobs = [job, ...this.jobs];
    }
    this.requestUpdate();
  };

  private fits({ status, workload, project }: Job): boolean {
    const wanted = this.filters;
    return (
      (wanted.status === '' || wanted.status.split(',').includes(status)) &&
      (wanted.workload === '' || wanted.workload === workload) &&
      (wanted.project === '' || wanted.project === project)
    );
  }

  private onFilter(event: Event): void {
    event.preventDefault();
    const form = (event.currentTarget as HTMLElement).closest('form')!;
    const entries = Array.from(new FormData(form), ([name, value]) => [name, String(value)] as [string, string]);
    location.hash = `#/?${new URLSearchParams(entries.filter(([, value]) => value !== ''))}`;
  }

  protected override render(): TemplateResult {
    const { text } = this.filters;
    const rows = text === '' ? this.jobs : this.jobs.filter((job) => mentions(job, text.toLowerCase()));
    return html`<h1>Jobs</h1>
      ${this.filterForm()} ${this.refusal()}
      ${rows.length === 0 ? this.emptyLine() : jobsTable(rows)}
      ${text !== '' && this.next ? html`<p>Looked at the newest ${this.jobs.length} jobs.</p>` : nothing}
      ${text === '' && this.next ? html`<p><button type="button" @click=${this.more}>Older jobs</button></p>` : nothing}`;
  }

  private emptyLine(): TemplateResult {
    if (this.isLoading) return html`<p>${this.problem ? nothing : 'Reading…'}</p>`;
    if (this.query !== '') return html`<p>No job fits. <a href="#/">All jobs</a></p>`;
    return html`<p>No jobs yet. <a href="#/submit">Submit the first one</a>, or <code>stepreel submit</code>.</p>`;
  }

  private filterForm(): TemplateResult {
    const { status, workload, project, text } = this.filters;
    const option = (value: string, name: string, chosen: string) =>
      html`<option value=${value} ?selected=${value === chosen}>${name}</option>`;
    return html`<form class="filters" role="search" @submit=${this.onFilter}>
      <label>Search <input type="search" name="q" .value=${text} placeholder="Id, file, tag"></label>
      <label>State <select name="status" @change=${this.onFilter}>
        ${option('', 'All', status)} ${STATES.map((name) => option(name, words(name), status))}
      </select></label>
      <label>Workload <select name="workload" @change=${this.onFilter}>
        ${option('', 'All', workload)} ${this.workloads.map((name) => option(name, name, workload))}
      </select></label>
      <label>Project <input name="project" .value=${project} @change=${this.onFilter}></label>
      <button>Find</button>
    </form>`;
  }
}

export function jobsTable(jobs: Job[]): TemplateResult {
  return html`<div class="wide"><table class="jobs">
    <thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">Progress</th>
      <th scope="col" class="spare">Created</th><th scope="col" class="spare">Took</th><th scope="col" class="spare">Cost</th></tr></thead>
    <tbody>${repeat(jobs, ({ id }) => id, jobRow)}</tbody>
  </table></div>`;
}

function jobRow(job: Job): TemplateResult {
  const { id, workload, input, status, createdAt, startedAt, endedAt, charge } = job;
  const more = input.length > 1 ? ` and ${input.length - 1} more` : '';
  return html`<tr>
    <th scope="row"><a href=${jobHref(id)} title=${id}>${input[0]?.name ?? shortId(id)}${more}</a><small>${workload} · ${shortId(id)}</small></th>
    <td>${badge(status)}</td>
    <td>${progressOf(job)}</td>
    <td class="spare"><time datetime=${createdAt}>${moment(createdAt)}</time></td>
    <td class="spare number">${took(startedAt, endedAt)}</td>
    <td class="spare number">${charge ? money(charge.usd) : nothing}</td>
  </tr>`;
}

export function progressOf({ status, progress, waiting, error }: Job): TemplateResult | typeof nothing {
  if (error) return html`<span class="error-line">${error.code}${error.step ? ` in ${error.step}` : ''}</span>`;
  if (waiting) return html`<small>${waiting.reason}</small>`;
  if (status !== 'RUNNING' || !progress) return nothing;
  const { step, percent, done, total } = progress;
  return html`<progress max="100" value=${percent} aria-label=${`${step}: ${percent} percent`}></progress>
    <small>${step}: ${done} of ${total}</small>`;
}

function mentions({ id, workload, project, input, tags = {}, batch = '' }: Job, text: string): boolean {
  const texts = [id, workload, project, batch, ...input.map(({ name }) => name), ...Object.entries(tags).flat()];
  return texts.some((one) => one.toLowerCase().includes(text));
}

customElements.define('jobs-page', JobsPage);
