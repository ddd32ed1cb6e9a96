import { html, nothing, type TemplateResult } from 'lit';
import { read } from '../api.ts';
import type { Job, LogPage } from '../api-types.ts';
import { isSettled } from '../badge.ts';
import { timeOfDay } from '../format.ts';
import { View } from '../view.ts';

const AGAIN_MS = 2_000;
const MOST_LINES = 1_000;

/** The end of a job's log, which grows while the job runs and somebody looks. */
class LogTail extends View {
  static override properties = { job: { attribute: false } };
  declare job: Job;

  private lines: LogPage['lines'] = [];
  private readUpTo: string | undefined;
  private step = '';
  private steps = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  private async follow(): Promise<void> {
    clearTimeout(this.timer);
    const query = new URLSearchParams({
      ...(this.step === '' ? {} : { step: this.step }),
      ...(this.readUpTo === undefined ? {} : { after: this.readUpTo }),
    });
    const isRead = await this.attempt(async () => {
      const page = await read<LogPage>(`jobs/${encodeURIComponent(this.job.id)}/logs?${query}`);
      this.lines = [...this.lines, ...page.lines].slice(-MOST_LINES);
      this.readUpTo = page.next;
      for (const { step } of page.lines) this.steps.add(step);
    });
    if (isRead && this.isConnected && !isSettled(this.job.status))
      this.timer = setTimeout(() => void this.follow(), AGAIN_MS);
  }

  private onStep(event: Event): void {
    this.step = (event.target as HTMLSelectElement).value;
    [this.lines, this.readUpTo] = [[], undefined];
    void this.follow();
  }

  protected override render(): TemplateResult {
    const options = [...this.steps].map(
      (name) => html`<option value=${name} ?selected=${name === this.step}>${name}</option>`,
    );
    return html`${this.refusal()}
      <label>Step <select @change=${this.onStep}><option value="">All</option>${options}</select></label>
      ${this.lines.length === 0 ? html`<p>No lines.</p>` : nothing}
      <ol class="log" tabindex="0" aria-label="Log lines">${this.lines.map(
        ({
          at,
          level,
          step,
          shard,
          message,
        }) => html`<li class=${level.toLowerCase()}><time datetime=${at}>${timeOfDay(at)}</time>
          <b>${level}</b> <i>${step}${shard === undefined ? '' : ` ${shard}`}</i> ${message}</li>`,
      )}</ol>`;
  }
}

customElements.define('log-tail', LogTail);
