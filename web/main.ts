import { html, nothing, type TemplateResult } from 'lit';
import { keepKey } from './api.ts';
import { type Connection, LiveJobs } from './live.ts';
import './pages/jobs-page.ts';
import { type Route, routeOf } from './routes.ts';
import { View } from './view.ts';

const NAVIGATION: [Route['page'][], string, string][] = [
  [['jobs', 'job'], '#/', 'Jobs'],
  [['submit'], '#/submit', 'Submit'],
  [['batches', 'batch'], '#/batches', 'Batches'],
  [['queue'], '#/queue', 'Queue'],
  [['usage'], '#/usage', 'Usage'],
];

const CONNECTIONS: Record<Connection, string> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Offline',
  paused: 'Paused',
};

/** What the first page does not need is loaded when somebody goes there. */
const LATER: Partial<Record<Route['page'], () => Promise<unknown>>> = {
  job: () => import('./pages/job-page.ts'),
  shared: () => import('./pages/shared-page.ts'),
  submit: () => import('./pages/submit-page.ts'),
  batches: () => import('./pages/batches-page.ts'),
  batch: () => import('./pages/batch-page.ts'),
  queue: () => import('./pages/queue-page.ts'),
  usage: () => import('./pages/usage-page.ts'),
};

/** The whole page: where one is, whether the connection holds, and the part that one looks at. */
class StepreelPage extends View {
  private readonly live = new LiveJobs();
  /** Not there until what shows it has been loaded. */
  private route: Route | undefined;
  private asksKey = false;

  override connectedCallback(): void {
    // What the document shows until its scripts are there.
    this.replaceChildren();
    super.connectedCallback();
    addEventListener('hashchange', this.onRoute);
    this.addEventListener('needs-key', this.onNeedsKey);
    this.live.addEventListener('connection', () => this.requestUpdate());
    void this.onRoute();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onRoute);
    this.live.close();
  }

  private follows = false;

  private readonly onRoute = async () => {
    const route = routeOf(location.hash);
    await LATER[route.page]?.();
    const isOther = this.route && (route.page !== this.route.page || route.id !== this.route.id);
    this.route = route;
    // Somebody with a link has no credential: there is no stream for them.
    if (route.page !== 'shared' && !this.follows) {
      this.follows = true;
      this.live.start();
    }
    this.requestUpdate();
    await this.updateComplete;
    if (isOther) this.querySelector('main')?.focus();
  };

  private readonly onNeedsKey = () => {
    this.asksKey = true;
    this.requestUpdate();
  };

  private onKey(event: SubmitEvent): void {
    event.preventDefault();
    keepKey(String(new FormData(event.target as HTMLFormElement).get('key')));
    this.asksKey = false;
    this.live.restart();
    const { route } = this;
    // The part is made anew, and asks again.
    this.route = undefined;
    this.requestUpdate();
    void this.updateComplete.then(() => {
      this.route = route;
      this.requestUpdate();
    });
  }

  protected override render(): TemplateResult {
    const isGuest = this.route?.page === 'shared';
    return html`
      <a class="skip" href="#main" @click=${this.onSkip}>To the content</a>
      <header>
        <a class="brand" href="#/">Stepreel</a>
        ${isGuest ? html`<span>Shared with you, to look at</span>` : html`${this.navigation()}${this.connectionSign()}`}
      </header>
      <div role="status" class="connection">${isGuest ? nothing : this.connectionLine()}</div>
      <main id="main" tabindex="-1">
        ${this.asksKey ? this.keyForm() : nothing}
        ${this.content()}
      </main>`;
  }

  private navigation(): TemplateResult {
    const entries = NAVIGATION.map(([pages, href, name]) => {
      const isHere = this.route !== undefined && pages.includes(this.route.page);
      return html`<li><a href=${href} aria-current=${isHere ? 'page' : nothing}>${name}</a></li>`;
    });
    return html`<nav aria-label="Pages"><ul>${entries}</ul></nav>`;
  }

  private connectionSign(): TemplateResult {
    const { connection } = this.live;
    return html`<span class=${`connection-sign ${connection}`}>${CONNECTIONS[connection]}</span>`;
  }

  private connectionLine(): TemplateResult | typeof nothing {
    const { connection } = this.live;
    if (connection !== 'lost') return nothing;
    return html`<p class="lost"><span aria-hidden="true">⚠</span> Disconnected: what is shown may be old. The page tries again every two seconds, and catches up by itself.</p>`;
  }

  private keyForm(): TemplateResult {
    return html`<form class="card" @submit=${this.onKey}>
      <h2>Your API key</h2>
      <p>This API wants to know whose request it is. The key is kept in this window only, and forgotten with it.</p>
      <label>Key <input name="key" type="password" autocomplete="off" required></label>
      <button>Go on</button>
    </form>`;
  }

  private content(): TemplateResult {
    if (!this.route) return this.pending();
    const { page, id, query } = this.route;
    if (page === 'jobs') return html`<jobs-page .live=${this.live} .query=${query.toString()}></jobs-page>`;
    if (page === 'job') return html`<job-page .live=${this.live} .jobId=${id!}></job-page>`;
    if (page === 'shared') return html`<shared-page .token=${id!}></shared-page>`;
    if (page === 'submit') return html`<submit-page .query=${query.toString()}></submit-page>`;
    if (page === 'batches') return html`<batches-page .live=${this.live}></batches-page>`;
    if (page === 'batch') return html`<batch-page .live=${this.live} .batchId=${id!}></batch-page>`;
    if (page === 'queue') return html`<queue-page .live=${this.live}></queue-page>`;
    if (page === 'usage') return html`<usage-page></usage-page>`;
    return html`<h1>Nothing here</h1><p>There is no such page. <a href="#/">All jobs</a></p>`;
  }

  // The address behind # is the page's own, so the jump is made here.
  private onSkip(event: Event): void {
    event.preventDefault();
    this.querySelector('main')?.focus();
  }
}

customElements.define('stepreel-page', StepreelPage);
