import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { read } from '../api.ts';
import type { Job, JobPage, Workloads } from '../api-types.ts';
import { badge, isSettled, STATES } from '../badge.ts';
import { ago, moment, money, shortId, took, words } from '../format.ts';
import type { LiveJobs } from '../live.ts';
import { jobHref } from '../routes.ts';
import { View } from '../view.ts';

const PAGE_SIZE = 50;
// The API finds jobs by what it has an index of. Texts are looked for here, among so many at a time.
const SEARCHED_AT_ONCE = 2_000;
const SEARCH_PAGE = 200;
// How long ago something was is told anew so often.
const AGO_MS = 30_000;
// Shorter texts are no job's id.
const ID_LENGTH = 30;

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
  private drawnAt = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Jobs · Stepreel';
    this.live.addEventListener('job', this.onJob);
    this.live.addEventListener('caught-up', this.onCaughtUp);
    this.tick = setInterval(() => {
      const goesOn = this.jobs.some(({ status }) => !isSettled(status));
      if (goesOn || Date.now() - this.drawnAt > AGO_MS) this.requestUpdate();
    }, 1000);
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
    const { text } = this.filters;
    this.isLoading = true;
    await this.attempt(async () => {
      const page = await this.readPage(undefined, text === '' ? PAGE_SIZE : SEARCH_PAGE, signal);
      [this.jobs, this.next] = [page.jobs, page.next];
      if (text.length > ID_LENGTH) await this.addById(text, signal);
      await this.searchOn(signal);
    });
    if (signal.aborted) return;
    this.isLoading = false;
    this.requestUpdate();
    // Not before the jobs stand there: a server that has just begun loads every workload to answer it.
    if (this.workloads.length === 0) {
      await this.attempt(async () => {
        this.workloads = (await read<Workloads>('workloads', signal)).workloads.map(({ name }) => name);
      });
    }
  }

  /** Goes on looking for a text; what is found is shown as it is found. */
  private async searchOn(signal: AbortSignal): Promise<void> {
    if (this.filters.text === '') return;
    const end = this.jobs.length + SEARCHED_AT_ONCE - SEARCH_PAGE;
    while (this.next !== undefined && this.jobs.length < end) {
      this.requestUpdate();
      this.add(await this.readPage(this.next, SEARCH_PAGE, signal));
    }
  }

  private async addById(id: string, signal: AbortSignal): Promise<void> {
    const found = await read<Job>(`jobs/${encodeURIComponent(id)}`, signal).catch(() => undefined);
    if (found && !this.jobs.some((one) => one.id === found.id)) this.jobs = [...this.jobs, found];
  }

  private add({ jobs, next }: JobPage): void {
    const known = new Set(this.jobs.map(({ id }) => id));
    this.jobs = [...this.jobs, ...jobs.filter(({ id }) => !known.has(id))];
    this.next = next;
  }

  private async readPage(cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<JobPage> {
    const { status, workload, project } = this.filters;
    const given = { status, workload, project, cursor: cursor ?? '', limit: `${limit}` };
    const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''));
    return await read<JobPage>(`jobs?${query}`, signal);
  }

  private readonly more = () =>
    this.attempt(async () => {
      if (this.filters.text !== '') await this.searchOn(this.loading.signal);
      else this.add(await this.readPage(this.next, PAGE_SIZE));
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
    this.drawnAt = Date.now();
    const { text } = this.filters;
    const rows = text === '' ? this.jobs : this.jobs.filter((job) => mentions(job, text.toLowerCase()));
    return html`<div class="title"><h1>Jobs</h1><a class="button" href="#/submit">Submit a job</a></div>
      ${this.filterForm()} ${this.refusal()}
      ${rows.length === 0 ? this.emptyLine() : jobsTable(rows)}
      ${this.next && !this.isLoading ? this.moreLine(text) : nothing}`;
  }

  private moreLine(text: string): TemplateResult {
    const looked = text === '' ? nothing : html`Looked at the newest ${this.jobs.length.toLocaleString()} jobs. `;
    return html`<p class="more">${looked}<button type="button" class="second" @click=${this.more}>${text === '' ? 'Older jobs' : 'Look further back'}</button></p>`;
  }

  private emptyLine(): TemplateResult | typeof nothing {
    if (this.isLoading) return this.problem ? nothing : this.pending();
    if (this.query !== '') return html`<div class="empty"><p>No job fits.</p><p><a href="#/">All jobs</a></p></div>`;
    return html`<div class="empty"><p>No jobs yet.</p>
      <p><a href="#/submit">Submit the first one</a>, or from a terminal: <code>npx stepreel submit dataset --input site.mp4</code></p></div>`;
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
    <thead><tr><th scope="col">Job</th><th scope="col">State</th>
      <th scope="col" class="spare">Project</th><th scope="col" class="spare">Created</th><th scope="col" class="spare number">Took</th><th scope="col" class="spare number">Cost</th></tr></thead>
    <tbody>${repeat(jobs, ({ id }) => id, jobRow)}</tbody>
  </table></div>`;
}

function jobRow(job: Job): TemplateResult {
  const { id, project, input, status, createdAt, startedAt, endedAt, charge } = job;
  const more = input.length > 1 ? ` and ${input.length - 1} more` : '';
  return html`<tr>
    <th scope="row"><a href=${jobHref(id)} title=${id}>${input[0]?.name ?? shortId(id)}${more}</a><small>${shortId(id)}</small></th>
    <td><div class="state-line">${badge(status)} ${progressOf(job)}</div></td>
    <td class="spare">${project}</td>
    <td class="spare"><time datetime=${createdAt} title=${moment(createdAt)}>${ago(createdAt)}</time></td>
    <td class="spare number">${took(startedAt, endedAt)}</td>
    <td class="spare number">${charge ? money(charge.usd) : nothing}</td>
  </tr>`;
}

export function progressOf({ status, progress, waiting, error }: Job): TemplateResult | typeof nothing {
  if (error) return html`<span class="error-line">${error.code}${error.step ? ` in ${error.step}` : ''}</span>`;
  if (waiting) return html`<small>${waiting.reason}</small>`;
  if (status !== 'RUNNING' || !progress) return nothing;
  const { step, percent, done, total } = progress;
  return html`<span class="step"><progress max="100" value=${percent} aria-label=${`${step}: ${percent} percent`}></progress>
    <small>${step}: ${done} of ${total}</small></span>`;
}

function mentions({ id, workload, project, input, tags = {}, batch = '' }: Job, text: string): boolean {
  const texts = [id, workload, project, batch, ...input.map(({ name }) => name), ...Object.entries(tags).flat()];
  return texts.some((one) => one.toLowerCase().includes(text));
}

customElements.define('jobs-page', JobsPage);
