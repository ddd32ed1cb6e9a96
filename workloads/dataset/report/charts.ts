import { html, type Markup } from '#core/markup';
import type { FrameLine } from '../contract.ts';

const TIMELINE = { width: 960, height: 64, columns: 240 };
const VERDICTS: { verdict: FrameLine['verdict']; label: string }[] = [
  { verdict: 'kept', label: 'kept' },
  { verdict: 'duplicate', label: 'near-duplicate' },
  { verdict: 'blurry', label: 'blurry' },
];

/** The sampled frames over time: each column is a stretch of the video, its colours are shares of the verdicts. */
export function timelineChart(frames: Pick<FrameLine, 'seconds' | 'verdict'>[]): Markup {
  const columns = Math.max(1, Math.min(TIMELINE.columns, frames.length));
  const columnWidth = TIMELINE.width / columns;
  const bars = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * frames.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * frames.length) / columns));
    return stackedColumn(frames.slice(from, to), column * columnWidth, columnWidth);
  });
  const first = frames.at(0)?.seconds ?? 0;
  const last = frames.at(-1)?.seconds ?? 0;
  return html`<figure><svg viewBox="0 0 ${TIMELINE.width} ${TIMELINE.height + 18}" role="img" aria-label="Frames over time">
${bars.flat()}<text x="0" y="${TIMELINE.height + 14}">${first.toFixed(1)} s</text><text x="${TIMELINE.width}" y="${TIMELINE.height + 14}" text-anchor="end">${last.toFixed(1)} s</text></svg>
<figcaption>${VERDICTS.map(({ verdict, label }) => html`<span class="key"><i class="${verdict}"></i>${label}</span> `)}</figcaption></figure>`;
}

function stackedColumn(frames: Pick<FrameLine, 'verdict'>[], x: number, width: number): Markup[] {
  let top = 0;
  return VERDICTS.flatMap(({ verdict }) => {
    const share = frames.filter((frame) => frame.verdict === verdict).length / frames.length;
    if (share === 0) return [];
    const height = share * TIMELINE.height;
    const bar = html`<rect class="${verdict}" x="${x.toFixed(2)}" y="${top.toFixed(2)}" width="${width.toFixed(2)}" height="${height.toFixed(2)}"/>`;
    top += height;
    return [bar];
  });
}

export interface Bar {
  label: string;
  count: number;
  color?: string;
}

/** Horizontal bars with their counts, longest as wide as the chart. */
export function barChart(bars: Bar[], title: string): Markup {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return html`<table class="bars" aria-label="${title}">${bars.map(
    ({ label, count, color = 'var(--accent)' }) =>
      html`<tr><th scope="row">${label}</th><td><div class="bar" style="width:${((100 * count) / most).toFixed(1)}%;background:${color}"></div></td><td class="count">${count}</td></tr>`,
  )}</table>`;
}
