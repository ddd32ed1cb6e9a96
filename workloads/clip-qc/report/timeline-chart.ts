import { html, type Markup } from '#core/markup';
import type { Timeline } from '../contract.ts';

const CHART = { width: 960, height: 150, text: 26 };

interface Marks {
  /** Sampled frames with evidence. */
  evidence: ReadonlySet<number>;
  /** SSIM below which a pair is unstable. */
  spikeSsim: number;
}

/** How alike each frame is to the next over time, with cuts and evidence, and below it where text was read and changed. */
export function timelineChart(timeline: Timeline, { evidence, spikeSsim }: Marks): Markup {
  const [first, last] = [timeline.at(0)!.seconds, timeline.at(-1)!.seconds];
  const across = (seconds: number) => (last === first ? 0 : ((seconds - first) / (last - first)) * CHART.width);
  const lowest = Math.min(0.7, ...timeline.flatMap(({ next }) => (next ? [next.ssim] : [])));
  const down = (ssim: number) => ((1 - ssim) / (1 - lowest)) * CHART.height;
  const points = timeline.flatMap(({ seconds, next }) =>
    next ? [`${across(seconds).toFixed(1)},${down(next.ssim).toFixed(1)}`] : [],
  );
  const bottom = CHART.height + 8;
  return html`<figure><svg viewBox="-2 -4 ${CHART.width + 4} ${bottom + CHART.text + 22}" role="img" aria-label="Likeness of frames over time">
${timeline.filter(({ frame }) => evidence.has(frame)).map((each) => html`<line class="evidence" x1="${across(each.seconds).toFixed(1)}" x2="${across(each.seconds).toFixed(1)}" y1="0" y2="${bottom + CHART.text}"/>`)}
${timeline.filter(({ next }) => next?.cut).map((each) => html`<line class="cut" x1="${across(each.seconds).toFixed(1)}" x2="${across(each.seconds).toFixed(1)}" y1="0" y2="${CHART.height}"/>`)}
<line class="limit" x1="0" x2="${CHART.width}" y1="${down(spikeSsim).toFixed(1)}" y2="${down(spikeSsim).toFixed(1)}"/>
<polyline points="${points.join(' ')}"/>
${timeline.slice(0, -1).map((each, at) => textBar(each, across(each.seconds), across(timeline[at + 1]!.seconds), bottom))}
<text x="0" y="${bottom + CHART.text + 16}">${first.toFixed(1)} s</text><text x="${CHART.width}" y="${bottom + CHART.text + 16}" text-anchor="end">${last.toFixed(1)} s</text>
<text x="4" y="12">1.0</text><text x="4" y="${CHART.height - 4}">${lowest.toFixed(2)}</text></svg>
<figcaption><span class="key"><i class="line"></i>SSIM to the next frame</span><span class="key"><i class="limit"></i>unstable below ${spikeSsim}</span><span class="key"><i class="cut"></i>cut</span><span class="key"><i class="evidence"></i>evidence</span><span class="key"><i class="text"></i>text</span><span class="key"><i class="changed"></i>text changes</span></figcaption></figure>`;
}

function textBar({ text, next }: Timeline[number], from: number, to: number, top: number): Markup {
  if (text === '') return html``;
  const kind = next && next.textEdits > 0 ? 'changed' : 'text';
  return html`<rect class="${kind}" x="${from.toFixed(1)}" y="${top}" width="${Math.max(1, to - from - 1).toFixed(1)}" height="${CHART.text}"><title>${text}</title></rect>`;
}
