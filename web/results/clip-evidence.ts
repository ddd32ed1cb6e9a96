import { html, nothing, type TemplateResult } from 'lit';
import { fileAddress, readFile } from '../api.ts';
import type { ResultFile } from '../api-types.ts';
import { words } from '../format.ts';
import { View } from '../view.ts';
import { boxedPicture } from './boxed-picture.ts';

interface Verdict {
  artifact: boolean;
  category: string;
  confidence: number;
  probabilities: Record<string, number>;
  evidence: { boxes: { sourceFrame: number; seconds: number; box: [number, number, number, number]; note: string }[] };
  warnings: string[];
  sampled: { width: number; height: number };
}

const COLOR = '#ffd400';

/** What is wrong with a clip, how sure that is, and the frames that show it. */
class ClipEvidence extends View {
  static override properties = { verdict: { attribute: false }, pictures: { attribute: false } };
  declare verdict: ResultFile;
  declare pictures: ResultFile[];

  private found: Verdict | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('verdict')) return;
    void this.attempt(async () => {
      this.found = (await (await readFile(this.verdict.href!)).json()) as Verdict;
    });
  }

  protected override render(): TemplateResult {
    if (!this.found) return html`${this.refusal()}`;
    const { artifact, category, confidence, probabilities, warnings } = this.found;
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    return html`<div class="card"><h3>${artifact ? `Artifact: ${words(category)}` : 'No artifact'} <small>${percent(confidence)} sure</small></h3>
        <ul class="bars">${Object.entries(probabilities).map(
          ([name, share]) =>
            html`<li>${words(name)} <meter min="0" max="1" value=${share} aria-label=${`${words(name)}: ${percent(share)}`}></meter> ${percent(share)}</li>`,
        )}</ul>
        ${warnings.map((warning) => html`<p class="waits">${warning}</p>`)}
      </div>
      <div class="evidence">${this.frames(this.found)}</div>`;
  }

  private frames({ evidence, sampled: { width, height } }: Verdict): TemplateResult[] {
    const byFrame = Map.groupBy(evidence.boxes, ({ sourceFrame }) => sourceFrame);
    return Array.from(byFrame, ([frame, boxes]) => {
      const path = `frames/frame_${String(frame).padStart(6, '0')}.jpg`;
      const picture = this.pictures.find((one) => one.path === path);
      const notes = boxes.map(({ note }) => note).join('; ');
      const drawn = boxes.map(({ box: [left, top, right, bottom] }) => ({
        bbox: [left, top, right - left, bottom - top] as [number, number, number, number],
        label: '',
        color: COLOR,
      }));
      const shown = picture
        ? boxedPicture({
            src: fileAddress(picture.href!),
            alt: `Frame ${frame}: ${notes}`,
            width,
            height,
            boxes: drawn,
            isLazy: true,
          })
        : nothing;
      return html`<figure>${shown}<figcaption>Frame ${frame}, ${boxes[0]!.seconds.toFixed(2)} s: ${notes}</figcaption></figure>`;
    });
  }
}

customElements.define('clip-evidence', ClipEvidence);
