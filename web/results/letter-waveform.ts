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
  /** Loudest sample of each of equal stretches, 0 to 100; not every result has it. */
  outline?: number[];
  seconds?: number;
}

const [WIDTH, HEIGHT] = [1000, 140];
const MOST_PHRASES = 60;
const SIGNS: Record<Letter['verdict'], string> = { correct: '✓', wrong: '✕', missing: '∅' };

/** The letters of each phrase where they were heard, over the waveform where the result has one. */
class LetterWaveform extends View {
  static override properties = { phrases: { attribute: false } };
  declare phrases: ResultFile;

  private read: Phrase[] = [];
  private chosen: Letter | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('phrases')) return;
    void this.attempt(async () => {
      const lines = (await (await readFile(this.phrases.href!)).text()).split('\n').filter((line) => line !== '');
      this.read = lines.slice(0, MOST_PHRASES).map((line) => JSON.parse(line) as Phrase);
    });
  }

  protected override render(): TemplateResult {
    return html`${this.refusal()}${this.read.map((phrase) => this.phrase(phrase))}`;
  }

  private phrase(phrase: Phrase): TemplateResult {
    const { activity, index, failure, letters } = phrase;
    return html`<section class="card"><h3>${activity} <small>phrase ${index}</small></h3>
      ${failure === undefined ? nothing : html`<p class="waits">Not scored: ${failure}</p>`}
      ${waveform(phrase)}
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

function waveform({ letters, outline = [], seconds }: Phrase): TemplateResult {
  const end = seconds ?? Math.max(0.1, ...letters.map(({ endSeconds }) => endSeconds ?? 0)) * 1.05;
  const across = (at: number) => (WIDTH * Math.min(at, end)) / end;
  const heard = letters.filter(({ startSeconds }) => startSeconds !== null);
  return html`<svg class="wave" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
    ${heard.map(({ verdict, startSeconds, endSeconds }) => {
      const left = across(startSeconds!);
      const tone = verdict === 'correct' ? 'good' : 'bad';
      return svg`<rect class=${`tone-${tone}`} x=${left} y="0" width=${Math.max(3, across(endSeconds!) - left)} height=${HEIGHT}></rect>`;
    })}
    ${outlinePath(outline)}</svg>`;
}

function outlinePath(outline: number[]): SVGTemplateResult | typeof nothing {
  if (outline.length === 0) return nothing;
  const step = WIDTH / outline.length;
  const lines = outline.map((loud, index) => {
    const half = Math.max(0.5, (loud / 100) * (HEIGHT / 2));
    return `M${((index + 0.5) * step).toFixed(1)} ${(HEIGHT / 2 - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
  });
  return svg`<path d=${lines.join('')} stroke-width=${step * 0.7}></path>`;
}

customElements.define('letter-waveform', LetterWaveform);
