import { html, nothing, type TemplateResult } from 'lit';
import { read, send } from '../api.ts';
import type { Queue } from '../api-types.ts';
import { seconds } from '../format.ts';
import type { LiveJobs } from '../live.ts';
import { View } from '../view.ts';

// Jobs change far more often than the queue is worth reading.
const AGAIN_MS = 2_000;

/** What waits and what is under way, by pool; operators may pause a pool. */
class QueuePage extends View {
  static override properties = { live: { attribute: false } };
  declare live: LiveJobs;

  private queue: Queue | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Queue · Stepreel';
    this.live.addEventListener('job', this.onJob);
    this.live.addEventListener('caught-up', this.load);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.live.removeEventListener('job', this.onJob);
    this.live.removeEventListener('caught-up', this.load);
    clearTimeout(this.timer);
  }

  private readonly onJob = () => {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.load();
    }, AGAIN_MS);
  };

  private readonly load = async () => {
    await this.attempt(async () => {
      this.queue = await read<Queue>('queue');
    });
  };

  private turn(way: 'pause' | 'resume', pool: string): Promise<boolean> {
    return this.attempt(async () => {
      this.queue = await send<Queue>(`queue/${way}`, { pool });
    });
  }

  protected override render(): TemplateResult {
    if (!this.queue) return html`<h1>Queue</h1>${this.pending()}`;
    const { pools, lanes, teams } = this.queue;
    const age = (value: number | undefined) => (value === undefined ? '' : seconds(value));
    const poolRow = ({ pool, isPaused, underWay, limit, waiting, oldestSeconds }: Queue['pools'][number]) => html`<tr>
      <th scope="row">${pool}</th>
      <td><meter min="0" max=${limit} value=${underWay} aria-label=${`${pool}: ${underWay} of ${limit} under way`}></meter> ${underWay} of ${limit}</td>
      <td class="number">${waiting}</td><td class="number spare">${age(oldestSeconds)}</td>
      <td>${isPaused ? html`<strong class="paused">Paused</strong>` : 'Open'}
        <button type="button" class="plain" @click=${() => this.turn(isPaused ? 'resume' : 'pause', pool)}>${isPaused ? 'Resume' : 'Pause'} <span class="unseen">${pool}</span></button></td></tr>`;
    const laneRow = ({ pool, priority, team, waiting, oldestSeconds }: Queue['lanes'][number]) => html`<tr>
      <th scope="row">${pool}</th><td>${priority}</td><td>${team}</td>
      <td class="number">${waiting}</td><td class="number spare">${age(oldestSeconds)}</td></tr>`;
    return html`<h1>Queue</h1>${this.refusal()}
      <div class="wide"><table><caption>Pools</caption>
        <thead><tr><th scope="col">Pool</th><th scope="col">Under way</th><th scope="col" class="number">Waiting</th><th scope="col" class="number spare">Longest</th><th scope="col">Admission</th></tr></thead>
        <tbody>${pools.map(poolRow)}</tbody></table></div>
      ${
        lanes.length === 0
          ? html`<div class="empty"><p>Nothing waits.</p><p>A job waits here while its pool or its team has all under way that it may.</p></div>`
          : html`<div class="wide"><table><caption>Lanes, in the order of turns</caption>
        <thead><tr><th scope="col">Pool</th><th scope="col">Priority</th><th scope="col">Team</th><th scope="col" class="number">Waiting</th><th scope="col" class="number spare">Longest</th></tr></thead>
        <tbody>${lanes.map(laneRow)}</tbody></table></div>`
      }
      ${
        teams.length === 0
          ? nothing
          : html`<div class="wide"><table><caption>Teams</caption>
        <thead><tr><th scope="col">Team</th><th scope="col">Under way</th></tr></thead>
        <tbody>${teams.map(({ team, underWay, limit }) => html`<tr><th scope="row">${team}</th><td>${underWay} of ${limit}</td></tr>`)}</tbody></table></div>`
      }`;
  }
}

customElements.define('queue-page', QueuePage);
