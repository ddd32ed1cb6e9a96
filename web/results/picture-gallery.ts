import { html, nothing, type TemplateResult } from 'lit';
import { fileAddress } from '../api.ts';
import type { ResultFile } from '../api-types.ts';
import { View } from '../view.ts';
import { boxedPicture } from './boxed-picture.ts';
import { type Coco, type CocoImage, readCoco } from './coco.ts';

const PAGE = 24;

/** The pictures of a result, with the boxes that its COCO file says; one large, the others to choose from. */
class PictureGallery extends View {
  static override properties = { pictures: { attribute: false }, coco: { attribute: false } };
  declare pictures: ResultFile[];
  declare coco: ResultFile | undefined;

  private annotations: Coco | undefined;
  private readonly unticked = new Set<string>();
  private at = 0;
  private shown = PAGE;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('coco') || !this.coco) return;
    void this.attempt(async () => {
      this.annotations = await readCoco(this.coco!);
    });
  }

  private imageOf({ path }: ResultFile): CocoImage | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.annotations?.images.find(({ fileName }) => fileName === name || fileName === path);
  }

  private go(to: number): void {
    this.at = Math.max(0, Math.min(this.pictures.length - 1, to));
    this.requestUpdate();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowRight') this.go(this.at + 1);
    else if (event.key === 'ArrowLeft') this.go(this.at - 1);
    else return;
    event.preventDefault();
  }

  private toggle(name: string): void {
    if (!this.unticked.delete(name)) this.unticked.add(name);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const picture = this.pictures[this.at]!;
    const button = (name: string, to: number) =>
      html`<button type="button" class="second" ?disabled=${to < 0 || to >= this.pictures.length} @click=${() => this.go(to)}>${name}</button>`;
    return html`<div class="gallery" @keydown=${this.onKey}>
      ${this.refusal()}
      <figure>${this.large(picture)}
        <figcaption>${button('Before', this.at - 1)} ${button('Next', this.at + 1)}
          ${picture.path} <small>${this.at + 1} of ${this.pictures.length}</small></figcaption>
      </figure>
      <div class="side">${this.categories()}
        <ul class="thumbs">${this.pictures.slice(0, this.shown).map((one, index) => this.thumb(one, index))}</ul>
        ${this.shown < this.pictures.length ? html`<button type="button" class="second" @click=${this.more}>More pictures</button>` : nothing}
      </div>
    </div>`;
  }

  private readonly more = () => {
    this.shown += PAGE * 4;
    this.requestUpdate();
  };

  private large(picture: ResultFile): TemplateResult {
    const src = fileAddress(picture.href!);
    const image = this.imageOf(picture);
    if (!image) return html`<img class="large" src=${src} alt=${picture.path}>`;
    const boxes = image.boxes.filter(({ category }) => !this.unticked.has(category));
    // In a crowd, names would cover what they name.
    const hasRoom = (boxWidth: number) => boxWidth > image.width * 0.05;
    const label = (score: number | undefined) => (score === undefined ? '' : ` ${Math.round(score * 100)} %`);
    const drawn = boxes.map(({ bbox, category, color, score }) => ({
      bbox,
      color,
      label: hasRoom(bbox[2]) ? `${category}${label(score)}` : '',
    }));
    return boxedPicture({
      src,
      alt: `${picture.path}: ${countsOf(boxes)}`,
      width: image.width,
      height: image.height,
      boxes: drawn,
    });
  }

  private thumb(picture: ResultFile, index: number): TemplateResult {
    const count = this.imageOf(picture)?.boxes.length;
    const name = `${picture.path}${count === undefined ? '' : `, ${count} boxes`}`;
    return html`<li><button type="button" class="plain" aria-pressed=${index === this.at} aria-label=${name} @click=${() => this.go(index)}>
      <img src=${fileAddress(picture.href!)} alt="" loading="lazy"></button></li>`;
  }

  private categories(): TemplateResult | typeof nothing {
    if (!this.annotations) return nothing;
    const used = this.annotations.categories.filter(({ count }) => count > 0);
    return html`<fieldset class="legend"><legend>Boxes</legend>${used.map(
      ({
        name,
        color,
        count,
      }) => html`<label><input type="checkbox" ?checked=${!this.unticked.has(name)} @change=${() => this.toggle(name)}>
        <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill=${color}></rect></svg> ${name} <small>${count}</small></label>`,
    )}</fieldset>`;
  }
}

/** "3 person, 1 car" */
function countsOf(boxes: CocoImage['boxes']): string {
  const counts = Map.groupBy(boxes, ({ category }) => category);
  return Array.from(counts, ([name, found]) => `${found.length} ${name}`).join(', ') || 'no boxes';
}

customElements.define('picture-gallery', PictureGallery);
