import { html, nothing, svg, type TemplateResult } from 'lit';
import { fileAddress } from '../api.ts';
import type { ResultFile } from '../api-types.ts';
import { View } from '../view.ts';
import { type Coco, readCoco } from './coco.ts';

const [WIDTH, ROW] = [1000, 34];
const MOST_COLUMNS = 200;

/** A video, and below it when what was seen in it. A click there goes to that moment. */
class VideoTimeline extends View {
  static override properties = { video: { attribute: false }, coco: { attribute: false } };
  declare video: ResultFile;
  declare coco: ResultFile | undefined;

  private annotations: Coco | undefined;
  private time = 0;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('coco') || !this.coco) return;
    void this.attempt(async () => {
      this.annotations = await readCoco(this.coco!);
    });
  }

  private get player(): HTMLVideoElement {
    return this.querySelector('video')!;
  }

  private onClick(event: MouseEvent, endSeconds: number): void {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    this.player.currentTime = (endSeconds * (event.clientX - left)) / width;
  }

  private readonly onTime = () => {
    this.time = this.player.currentTime;
    this.requestUpdate();
  };

  protected override render(): TemplateResult {
    return html`<div class="video">${this.refusal()}
      <video controls preload="metadata" src=${fileAddress(this.video.href!)} @timeupdate=${this.onTime} aria-label=${this.video.path}></video>
      ${this.annotations ? this.timeline(this.annotations) : nothing}</div>`;
  }

  private timeline(coco: Coco): TemplateResult | typeof nothing {
    const rows = timelineOf(coco);
    if (rows.endSeconds === 0) return nothing;
    const height = rows.rows.length * ROW;
    const at = (WIDTH * Math.min(this.time, rows.endSeconds)) / rows.endSeconds;
    return html`<h3>Seen over time</h3>
      <div class="timeline"><ul>${rows.rows.map(({ name, most }) => html`<li>${name} <small>at most ${most} at once</small></li>`)}</ul>
      <svg viewBox=${`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" aria-hidden="true" @click=${(event: MouseEvent) => this.onClick(event, rows.endSeconds)}>
        ${rows.rows.map(({ color, counts, most }, row) =>
          counts.map((count, index) => {
            const [width, tall] = [WIDTH / counts.length, (count / most) * (ROW - 8)];
            return svg`<rect x=${index * width} y=${(row + 1) * ROW - tall} width=${width} height=${tall} fill=${color}></rect>`;
          }),
        )}
        <line x1=${at} x2=${at} y1="0" y2=${height}></line></svg></div>
      <p class="moments">Go to: ${rows.rows.map(
        ({ name, firstSeconds }) =>
          html`<button type="button" @click=${() => this.goTo(firstSeconds)}>first ${name}, ${firstSeconds.toFixed(1)} s</button> `,
      )}</p>`;
  }

  private goTo(seconds: number): void {
    this.player.currentTime = seconds;
    this.player.focus();
  }
}

/** How many boxes of each category there are at once, over the time of the video. */
export function timelineOf({ categories, images }: Coco) {
  const timed = images.filter((image) => image.seconds !== undefined);
  const endSeconds = Math.max(0, ...timed.map(({ seconds }) => seconds!));
  const columns = Math.max(1, Math.min(MOST_COLUMNS, timed.length));
  const rows = categories
    .filter(({ count }) => count > 0)
    .map(({ name, color }) => {
      const counts = new Array<number>(columns).fill(0);
      let firstSeconds = Number.POSITIVE_INFINITY;
      for (const { seconds, boxes } of timed) {
        const count = boxes.filter(({ category }) => category === name).length;
        if (count === 0) continue;
        const column = Math.min(columns - 1, Math.floor((columns * seconds!) / (endSeconds || 1)));
        counts[column] = Math.max(counts[column]!, count);
        firstSeconds = Math.min(firstSeconds, seconds!);
      }
      return { name, color, counts, most: Math.max(...counts), firstSeconds };
    })
    .filter(({ most }) => most > 0);
  return { endSeconds, rows };
}

customElements.define('video-timeline', VideoTimeline);
