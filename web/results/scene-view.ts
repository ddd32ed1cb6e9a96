import { html, nothing, type TemplateResult } from 'lit';
import { readFile } from '../api.ts';
import type { ResultFile } from '../api-types.ts';
import { followGestures, HOW_TO_MOVE } from '../scene/gestures.ts';
import type { Pose } from '../scene/poses.ts';
import { CAMERAS, openViewer, type SceneViewer } from '../scene/viewer.ts';
import { View } from '../view.ts';
import { type CamerasDocument, posesIn } from './cameras.ts';
import { type PlyScene, parsePly } from './ply.ts';

const MOST_BYTES = 300_000_000;

interface Layer {
  name: string;
  isShown: boolean;
}

/** A point cloud or a mesh, and where its pictures were taken from: to be turned by mouse, by touch, by keys. */
class SceneView extends View {
  static override properties = { models: { attribute: false }, cameras: { attribute: false } };
  /** PLY files. The first is shown; the others are read when somebody wants to see them. */
  declare models: ResultFile[];
  declare cameras: ResultFile | undefined;

  private layers: Layer[] = [];
  private readonly contents = new Map<string, string>();
  private viewer: SceneViewer | undefined;
  private failure: string | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('models')) void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.viewer?.close();
  }

  private async load(): Promise<void> {
    const [first] = this.models;
    await this.attempt(async () => {
      const poses: Pose[] = this.cameras
        ? posesIn((await (await readFile(this.cameras.href!)).json()) as CamerasDocument)
        : [];
      const scene = await this.read(first!);
      if (!scene) return;
      this.layers = this.models.map(({ path }, at) => ({ name: path, isShown: at === 0 }));
      if (poses.length > 0) this.layers.push({ name: CAMERAS, isShown: true });
      if (poses.length > 0) this.contents.set(CAMERAS, `${poses.length}`);
      this.requestUpdate();
      await this.updateComplete;
      const canvas = this.querySelector('canvas')!;
      try {
        this.viewer = openViewer(canvas, scene.positions, poses);
      } catch (thrown) {
        this.failure = (thrown as Error).message;
        return;
      }
      followGestures(canvas, this.viewer);
      this.add(first!.path, scene);
    });
  }

  /** Undefined for a file that can't be shown, which is then said. */
  private async read({ path, href }: ResultFile): Promise<PlyScene | undefined> {
    const buffer = await (await readFile(href!, MOST_BYTES)).arrayBuffer();
    try {
      return parsePly(buffer);
    } catch (thrown) {
      this.failure = `${path} can’t be shown: ${(thrown as Error).message}`;
      return undefined;
    }
  }

  private add(name: string, { positions, colors, triangles }: PlyScene): void {
    const faces = triangles.length === 0 ? '' : `, ${(triangles.length / 3).toLocaleString()} triangles`;
    this.contents.set(name, `${(positions.length / 3).toLocaleString()} points${faces}`);
    const points = { positions, colours: colors };
    this.viewer!.add(
      name,
      triangles.length === 0 ? { kind: 'points', ...points } : { kind: 'triangles', ...points, indexes: triangles },
    );
    this.requestUpdate();
  }

  private async toggle(layer: Layer): Promise<void> {
    layer.isShown = !layer.isShown;
    this.requestUpdate();
    const model = this.models.find(({ path }) => path === layer.name);
    if (!model || this.contents.has(layer.name)) return this.viewer?.show(layer.name, layer.isShown);
    await this.attempt(async () => {
      const scene = await this.read(model);
      if (scene) this.add(layer.name, scene);
      this.viewer?.show(layer.name, layer.isShown);
    });
  }

  protected override render(): TemplateResult {
    if (this.layers.length === 0) return this.failure ? this.failureLine() : this.pending(this.models[0]!.path);
    const shown = this.layers
      .filter(({ isShown }) => isShown)
      .map(({ name }) => [name, this.contents.get(name)].filter((one) => one !== undefined).join(': '));
    return html`${this.refusal()}${this.failure ? this.failureLine() : nothing}<figure class="scene">
      <canvas tabindex="0" role="img" aria-label=${`${shown.join('; ')}. ${HOW_TO_MOVE}`}></canvas>
      <figcaption><fieldset class="layers"><legend class="unseen">Shown</legend>${this.layers.map((layer) => this.box(layer))}</fieldset>
        <button type="button" class="second" @click=${() => this.viewer?.home()}>First view</button>
        <p class="hint">${HOW_TO_MOVE}</p></figcaption>
    </figure>`;
  }

  private failureLine(): TemplateResult {
    return html`<p class="waits">${this.failure}</p>`;
  }

  private box(layer: Layer): TemplateResult {
    const { name, isShown } = layer;
    return html`<label><input type="checkbox" .checked=${isShown} @change=${() => this.toggle(layer)}> ${name} <small>${this.contents.get(name)}</small></label>`;
  }
}

customElements.define('scene-view', SceneView);
