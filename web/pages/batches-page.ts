import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { read } from '../api.ts';
import type { Batch, BatchPage } from '../api-types.ts';
import { badge, STATES, toneOf } from '../badge.ts';
import { moment, words } from '../format.ts';
import type { LiveJobs } from '../live.ts';
import { View } from '../view.ts';

/** The team's batches, newest first. */
class BatchesPage extends View {
  static override properties = { live: { attribute: false } };
  declare live: LiveJobs;

  private batches: Batch[] = [];
  private next: string | undefined;
  private isLoading = true;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Batches · Stepreel';
    this.live.addEventListener('caught-up', this.load);
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.live.removeEventListener('caught-up', this.load);
  }

  private readonly load = async () => {
    await this.attempt(async () => {
      const { batches, next } = await read<BatchPage>('batches');
      [this.batches, this.next, this.isLoading] = [batches, next, false];
    });
  };

  private readonly more = () =>
    this.attempt(async () => {
      const { batches, next } = await read<BatchPage>(`batches?cursor=${encodeURIComponent(this.next!)}`);
      [this.batches, this.next] = [[...this.batches, ...batches], next];
    });

  protected override render(): TemplateResult {
    if (this.isLoading) return html`<h1>Batches</h1>${this.pending()}`;
    return html`<h1>Batches</h1>${this.refusal()}
      ${this.batches.length > 0 ? this.table() : noBatches()}
      ${this.next ? html`<button type="button" @click=${this.more}>Older batches</button>` : nothing}`;
  }

  private table(): TemplateResult {
    return html`<div class="wide"><table>
      <thead><tr><th scope="col">Batch</th><th scope="col">State</th><th scope="col">Members</th><th scope="col" class="spare">Created</th></tr></thead>
      <tbody>${this.batches.map(
        (
          batch,
        ) => html`<tr><th scope="row"><a href=${`#/batches/${encodeURIComponent(batch.id)}`}>${batch.name ?? batch.id}</a><small>${batch.workload}</small></th>
          <td>${badge(batch.status)}</td><td>${countsBar(batch)}</td><td class="spare"><time datetime=${batch.createdAt}>${moment(batch.createdAt)}</time></td></tr>`,
      )}</tbody></table></div>`;
  }
}

function noBatches(): TemplateResult {
  return html`<div class="empty"><p>No batches yet.</p>
    <p>One order for many files, from a terminal: <code>npx stepreel batch submit dataset --input a.mp4 b.mp4</code></p></div>`;
}

/** How many members are in which state, as one bar and as words. */
export function countsBar({ counts, total, refused }: Batch): TemplateResult {
  const parts = STATES.filter((state) => (counts[state] ?? 0) > 0).map((state) => ({ state, count: counts[state]! }));
  const spoken = [
    ...parts.map(({ state, count }) => `${count} ${words(state).toLowerCase()}`),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  let x = 0;
  const bars = parts.map(({ state, count }) => {
    const width = (100 * count) / Math.max(1, total);
    const bar = { x, width, tone: toneOf(state) };
    x += width;
    return bar;
  });
  return html`<svg class="counts" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="tone-ended" x="0" y="0" width="100" height="8"></rect>
      ${bars.map(({ x: left, width, tone }) => svgBar(left, width, tone))}
    </svg><small>${spoken.join(', ') || 'none yet'} of ${total}</small>`;
}

function svgBar(x: number, width: number, tone: string): SVGTemplateResult {
  return svg`<rect class=${`tone-${tone}`} x=${x} y="0" width=${width} height="8"></rect>`;
}

customElements.define('batches-page', BatchesPage);
