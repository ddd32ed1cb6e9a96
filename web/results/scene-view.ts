import { html, nothing, type TemplateResult } from 'lit';
import { readFile } from '../api.ts';
import type { ResultFile } from '../api-types.ts';
import { View } from '../view.ts';
import { openViewer, type SceneViewer } from '../viewer-3d.ts';
import { parsePly, type Scene } from './ply.ts';

const MOST_BYTES = 300_000_000;
const KEY_STEP = 0.12;

/** A point cloud or a mesh that can be turned: by mouse, by touch, by the arrow keys. */
class SceneView extends View {
  static override properties = { scene: { attribute: false } };
  declare scene: ResultFile;

  private parsed: Scene | undefined;
  private viewer: SceneViewer | undefined;
  private failure: string | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('scene')) void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.viewer?.close();
  }

  private async load(): Promise<void> {
    await this.attempt(async () => {
      const buffer = await (await readFile(this.scene.href!, MOST_BYTES)).arrayBuffer();
      try {
        this.parsed = parsePly(buffer);
      } catch (thrown) {
        this.failure = (thrown as Error).message;
        return;
      }
      this.requestUpdate();
      await this.updateComplete;
      try {
        this.viewer = openViewer(this.querySelector('canvas')!, this.parsed);
      } catch (thrown) {
        this.failure = (thrown as Error).message;
      }
    });
  }

  private onMove(event: PointerEvent): void {
    if (event.buttons === 0) return;
    this.viewer?.turn(event.movementX * 0.008, event.movementY * 0.008);
  }

  private onKey(event: KeyboardEvent): void {
    const turns: Record<string, [number, number]> = {
      ArrowLeft: [-KEY_STEP, 0],
      ArrowRight: [KEY_STEP, 0],
      ArrowUp: [0, -KEY_STEP],
      ArrowDown: [0, KEY_STEP],
    };
    const turn = turns[event.key];
    if (turn) this.viewer?.turn(...turn);
    else if (event.key === '+') this.viewer?.zoom(0.85);
    else if (event.key === '-') this.viewer?.zoom(1.18);
    else return;
    event.preventDefault();
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    this.viewer?.zoom(event.deltaY > 0 ? 1.1 : 0.9);
  }

  protected override render(): TemplateResult {
    if (this.failure) return html`<p class="waits">${this.scene.path} can’t be shown: ${this.failure}</p>`;
    if (!this.parsed) return html`${this.problem ? this.refusal() : html`<p>Reading ${this.scene.path}…</p>`}`;
    const { positions, triangles } = this.parsed;
    const points = `${(positions.length / 3).toLocaleString()} points`;
    const faces = triangles.length === 0 ? '' : `, ${(triangles.length / 3).toLocaleString()} triangles`;
    return html`<figure class="scene">
      <canvas tabindex="0" role="img" aria-label=${`${this.scene.path}: ${points}${faces}. Arrow keys turn it, plus and minus come nearer and go away.`}
        @pointerdown=${(event: PointerEvent) => (event.target as Element).setPointerCapture(event.pointerId)}
        @pointermove=${this.onMove} @wheel=${this.onWheel} @keydown=${this.onKey}></canvas>
      <figcaption>${this.scene.path}: ${points}${faces}. <button type="button" class="second" @click=${() => this.viewer?.reset()}>Look from the front</button> ${nothing}</figcaption>
    </figure>`;
  }
}

customElements.define('scene-view', SceneView);
