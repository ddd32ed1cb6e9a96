import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { readFile } from '../api.ts';
import type { ResultFile } from '../api-types.ts';
import { View } from '../view.ts';

interface Letter {
  item: string;
  verdict: 'correct' | 'wrong' | 'missing';
  heard: string | null;
  startSeconds: number | null;
  endSeconds: number | null;
  confidence: number;
  reason: string;
}

interface Phrase {
  activity: string;
  index: number;
  failure?: string;
  letters: Letter[];
  /** All that was heard, also what was not expected. */
  heard?: { unit: string; startSeconds: number }[];
}

/** A line of waveforms.jsonl. */
interface Waveform {
  activity: string;
  index: number;
  seconds: number;
  /** Loudest sample of each of equal stretches, 0 to 100. */
  outline: number[];
}

// Of the drawing; below the sound there is a line for what was expected, and one for what was heard.
const [WIDTH, HEIGHT, LINE] = [1000, 110, 20];
const MOST_PHRASES = 60;
const SIGNS: Record<Letter['verdict'], string> = { correct: '✓', wrong: '✕', missing: '∅' };

/** The letters of each phrase where they were heard, over its waveform. */
class LetterWaveform extends View {
  static override properties = { phrases: { attribute: false }, waveforms: { attribute: false } };
  declare phrases: ResultFile;
  /** Older results have none: their letters stand on an empty ground. */
  declare waveforms: ResultFile | undefined;

  private read: Phrase[] = [];
  private sounds = new Map<string, Waveform>();
  private isMore = false;
  private chosen: Letter | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('phrases')) return;
    void this.attempt(async () => {
      const [phrases, sounds] = await Promise.all([linesOf<Phrase>(this.phrases), linesOf<Waveform>(this.waveforms)]);
      this.read = phrases.slice(0, MOST_PHRASES);
      this.isMore = phrases.length > MOST_PHRASES;
      this.sounds = new Map(sounds.map((sound) => [placeOf(sound), sound]));
    });
  }

  protected override render(): TemplateResult {
    return html`${this.refusal()}${this.read.map((phrase) => this.phrase(phrase))}
      ${this.isMore ? html`<p class="more">The first ${MOST_PHRASES} phrases are shown; ${this.phrases.path} has all.</p>` : nothing}`;
  }

  private phrase(phrase: Phrase): TemplateResult {
    const { activity, index, failure, letters } = phrase;
    return html`<section class="card"><h3>${activity} <small>phrase ${index}</small></h3>
      ${failure === undefined ? nothing : html`<p class="waits">Not scored: ${failure}</p>`}
      ${waveform(phrase, this.sounds.get(placeOf(phrase)))}
      <ul class="letters">${letters.map(
        (
          letter,
        ) => html`<li class=${letter.verdict}><button type="button" aria-pressed=${letter === this.chosen} @click=${() => this.choose(letter)}>
          ${letter.item} <span aria-hidden="true">${SIGNS[letter.verdict]}</span><span class="unseen">${letter.verdict}</span></button></li>`,
      )}</ul>
      <p role="status">${this.chosen && letters.includes(this.chosen) ? describe(this.chosen) : nothing}</p>
    </section>`;
  }

  private choose(letter: Letter): void {
    this.chosen = letter;
    this.requestUpdate();
  }
}

function describe({ item, verdict, heard, startSeconds, endSeconds, confidence, reason }: Letter): string {
  const when = startSeconds === null ? '' : ` at ${startSeconds.toFixed(2)}–${endSeconds!.toFixed(2)} s`;
  return `${item}: ${verdict}; heard ${heard ?? 'nothing'}${when}, ${Math.round(confidence * 100)} % sure. ${reason}`;
}

/** Two files tell of the same phrase. */
function placeOf({ activity, index }: Pick<Phrase, 'activity' | 'index'>): string {
  return `${index} ${activity}`;
}

async function linesOf<T>(file: ResultFile | undefined): Promise<T[]> {
  if (file === undefined) return [];
  const lines = (await (await readFile(file.href!)).text()).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as T);
}

function waveform({ letters, heard = [] }: Phrase, sound: Waveform | undefined): TemplateResult {
  const end = sound?.seconds ?? Math.max(0.1, ...letters.map(({ endSeconds }) => endSeconds ?? 0)) * 1.05;
  const across = (at: number) => (WIDTH * Math.min(at, end)) / end;
  const placed = letters.filter(({ startSeconds }) => startSeconds !== null);
  const others = heard.filter((one) => !placed.some(({ startSeconds }) => startSeconds === one.startSeconds));
  return html`<svg class="wave" viewBox=${`0 0 ${WIDTH} ${HEIGHT + 2 * LINE + 6}`} aria-hidden="true">
    ${outlinePath(sound?.outline ?? [])}
    ${placed.map((letter) => mark(letter, across))}
    ${others.map(({ unit, startSeconds }) => svg`<text class="extra" x=${across(startSeconds)} y=${HEIGHT + 2 * LINE}>(${unit})</text>`)}
  </svg>`;
}

function mark({ item, verdict, heard, startSeconds, endSeconds }: Letter, across: (at: number) => number) {
  const left = across(startSeconds!);
  const width = Math.max(3, across(endSeconds!) - left);
  return svg`<rect class=${verdict} x=${left} y="0" width=${width} height=${HEIGHT}></rect>
    <text class=${verdict} x=${left} y=${HEIGHT + LINE}>${item}</text>
    <text class="extra" x=${left} y=${HEIGHT + 2 * LINE}>${heard ?? ''}</text>`;
}

/** Mirrored at the middle, as one closed line. */
function outlinePath(outline: number[]): SVGTemplateResult | typeof nothing {
  if (outline.length === 0) return nothing;
  const [step, middle] = [WIDTH / outline.length, HEIGHT / 2];
  const point = (loud: number, index: number, side: number) =>
    `${((index + 0.5) * step).toFixed(1)} ${(middle + side * Math.max(0.5, (loud / 100) * middle)).toFixed(1)}`;
  const above = outline.map((loud, index) => point(loud, index, -1));
  const below = outline.map((loud, index) => point(loud, index, 1)).reverse();
  return svg`<path d=${`M${[...above, ...below].join('L')}Z`}></path>`;
}

customElements.define('letter-waveform', LetterWaveform);
