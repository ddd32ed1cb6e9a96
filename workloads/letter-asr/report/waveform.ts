import { html, type Markup } from '#core/markup';
import type { Letter, ScoredPhrase } from '../contract.ts';

const CHART = { width: 960, height: 90, text: 40 };

/** A phrase's waveform; over it the letters where they were heard, in the colour of their verdict. */
export function waveform({ outline, letters, heard }: ScoredPhrase, seconds: number): Markup {
  const across = (at: number) => ((Math.min(at, seconds) / seconds) * CHART.width).toFixed(1);
  const bottom = CHART.height + CHART.text;
  return html`<svg viewBox="0 0 ${CHART.width} ${bottom}" role="img" aria-label="Waveform, ${seconds.toFixed(2)} seconds">
${letters.filter(({ startSeconds }) => startSeconds !== null).map((letter) => mark(letter, across))}
<path class="wave" d="${pathOf(outline)}"/>
${heard
  .filter((unit) => !letters.some(({ startSeconds }) => startSeconds === unit.startSeconds))
  .map(
    ({ unit, startSeconds }) =>
      html`<text class="extra" x="${across(startSeconds)}" y="${bottom - 4}">(${unit})</text>`,
  )}
</svg>`;
}

function mark({ item, verdict, heard, startSeconds, endSeconds }: Letter, across: (at: number) => string): Markup {
  const [from, to] = [across(startSeconds!), across(endSeconds!)];
  const width = Math.max(2, Number(to) - Number(from)).toFixed(1);
  return html`<rect class="${verdict}" x="${from}" y="0" width="${width}" height="${CHART.height}"><title>${item}: ${verdict}, heard ${heard ?? 'nothing'}</title></rect><text class="${verdict}" x="${from}" y="${CHART.height + 16}">${item}</text><text x="${from}" y="${CHART.height + 34}">${heard ?? ''}</text>
`;
}

/** The outline mirrored at the middle, as one closed line. */
function pathOf(outline: number[]): string {
  const [middle, step] = [CHART.height / 2, CHART.width / Math.max(1, outline.length)];
  const point = (peak: number, at: number, side: number) =>
    `${((at + 0.5) * step).toFixed(1)} ${(middle + (side * peak * middle) / 100).toFixed(1)}`;
  const above = outline.map((peak, at) => point(peak, at, -1));
  const below = outline.map((peak, at) => point(peak, at, 1)).reverse();
  return outline.length === 0 ? '' : `M${[...above, ...below].join('L')}Z`;
}
