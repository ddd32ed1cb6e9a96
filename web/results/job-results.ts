import { html, nothing, type TemplateResult } from 'lit';
import { fileAddress, read } from '../api.ts';
import type { ResultFile, Results } from '../api-types.ts';
import { bytes } from '../format.ts';
import { View } from '../view.ts';
import { type Viewer, viewersFor } from './viewers.ts';

// A result of more files than this is for a program, or for the report.
const MOST_FILES = 2_000;
const ROWS_SHOWN = 100;

/** Each viewer is loaded by whoever has something for it to show. */
const LOADERS: Record<Exclude<Viewer['kind'], 'report'>, () => Promise<unknown>> = {
  pictures: () => import('./picture-gallery.ts'),
  video: () => import('./video-timeline.ts'),
  evidence: () => import('./clip-evidence.ts'),
  speech: () => import('./letter-waveform.ts'),
  scene: () => import('./scene-view.ts'),
};

/** The result of a job: its files shown as what they are, and all of them to be downloaded. */
class JobResults extends View {
  static override properties = { path: { attribute: false } };
  declare path: string;

  private results: Results | undefined;
  private files: ResultFile[] = [];
  private viewers: Viewer[] = [];
  private isAllShown = false;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('path')) void this.load();
  }

  private async load(): Promise<void> {
    await this.attempt(async () => {
      const files: ResultFile[] = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ limit: '1000', ...(cursor === undefined ? {} : { cursor }) });
        const page: Results = await read<Results>(`${this.path}/results?${query}`);
        files.push(...page.files);
        this.results = page;
        cursor = page.next;
      } while (cursor !== undefined && files.length < MOST_FILES);
      this.files = files;
      this.viewers = viewersFor(
        this.results.manifest.workload,
        files.filter(({ href }) => href !== undefined),
      );
      const kinds = this.viewers.map(({ kind }) => kind).filter((kind) => kind !== 'report');
      await Promise.all(kinds.map((kind) => LOADERS[kind]()));
    });
  }

  protected override render(): TemplateResult {
    if (!this.results) return this.pending();
    const { manifest } = this.results;
    return html`${this.refusal()}
      ${manifest.missing.length > 0 ? html`<div class="problem"><strong>Not all of it is there</strong><ul>${manifest.missing.map((one) => html`<li>${one}</li>`)}</ul></div>` : nothing}
      ${this.viewers.map((viewer) => this.show(viewer))}
      ${this.fileTable()}`;
  }

  private show(viewer: Viewer): TemplateResult {
    switch (viewer.kind) {
      case 'pictures':
        return html`<picture-gallery .pictures=${viewer.pictures} .coco=${viewer.coco}></picture-gallery>`;
      case 'video':
        return html`<video-timeline .video=${viewer.video} .coco=${viewer.coco}></video-timeline>`;
      case 'evidence':
        return html`<clip-evidence .verdict=${viewer.verdict} .pictures=${viewer.pictures}></clip-evidence>`;
      case 'speech':
        return html`<letter-waveform .phrases=${viewer.phrases} .waveforms=${viewer.waveforms}></letter-waveform>`;
      case 'scene':
        return html`<scene-view .models=${viewer.models} .cameras=${viewer.cameras}></scene-view>`;
      case 'report':
        return reportFrame(viewer.report);
    }
  }

  private fileTable(): TemplateResult {
    const shown = this.isAllShown ? this.files : this.files.slice(0, ROWS_SHOWN);
    const rows = [
      ...shown.map((file) => ({ ...file, size: bytes(file.bytes) })),
      ...this.results!.documents.map((one) => ({ ...one, size: '', mediaType: '' })),
    ];
    const link = (path: string, href: string | undefined) =>
      href ? html`<a href=${fileAddress(href)} download>${path}</a>` : path;
    return html`<details><summary>Files (${this.files.length})</summary>
      <div class="wide" tabindex="0" role="group" aria-label="Files"><table><thead><tr><th scope="col">File</th><th scope="col" class="spare">Type</th><th scope="col">Size</th></tr></thead>
      <tbody>${rows.map(({ path, href, mediaType, size }) => html`<tr><th scope="row">${link(path, href)}</th><td class="spare">${mediaType}</td><td class="number">${size}</td></tr>`)}</tbody></table></div>
      ${shown.length < this.files.length ? html`<button type="button" @click=${this.showAll}>Show all</button>` : nothing}</details>`;
  }

  private readonly showAll = () => {
    this.isAllShown = true;
    this.requestUpdate();
  };
}

/**
 * A report may draw and run what it brings, alone: without our origin it can't ask the API. Where files come from a bucket
 * they come as downloads, and the report is one too.
 */
function reportFrame({ href }: ResultFile): TemplateResult {
  const address = fileAddress(href!);
  const isOurs = new URL(address).origin === location.origin;
  return html`<details class="report"><summary>Report</summary>
    <p><a href=${address} target="_blank" rel="noopener">${isOurs ? 'Open it by itself' : 'Download it'}</a></p>
    ${isOurs ? html`<iframe src=${address} title="Report" sandbox="allow-scripts" loading="lazy"></iframe>` : nothing}
  </details>`;
}

customElements.define('job-results', JobResults);
