import { html, Markup } from '#core/markup';
import { numberCards } from '#core/report-parts';
import { colourOfClass } from '#media/render/overlay';
import type { VideoStats } from '../result/video-stats.ts';
import { factsOf, type ReportData } from './report-data.ts';
import { STYLE } from './style.ts';

/** report.html: one file beside the video that it shows; nothing is fetched from elsewhere. */
export function reportHtml(data: ReportData): string {
  const { title, stats, degraded, missing, changes } = data;
  const notices = [
    ...missing.map((what) => html`<p class="notice">Partial: without ${what}</p>`),
    ...degraded.map(({ step, reason }) => html`<p class="notice">Degraded (${step}): ${reason}</p>`),
  ];
  const numbers: [string | number, string][] = [
    [stats.total_detections, 'detections'],
    [stats.unique_tracks, 'tracks'],
    [`${stats.processed_frames} of ${stats.total_frames}`, 'frames looked at'],
    [`${stats.video_duration.toFixed(2)} s`, 'duration'],
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}, annotated</title><style>${new Markup(STYLE)}</style></head><body><main>
<h1>${title}</h1>
${notices}
<video controls preload="metadata" poster="poster.jpg" src="${stats.output_path}"></video>
${numberCards(numbers)}
<h2>Classes</h2>
<table class="facts"><tr><th>class</th><th>detections</th><th>tracks</th></tr>${classRows(stats)}</table>
<h2>Timeline</h2>
${timeline(stats)}
<h2>How it was made</h2>
<table class="facts">${factsOf(data).map(([what, value]) => html`<tr><th>${what}</th><td><code>${value}</code></td></tr>`)}</table>
<h2>What is not as it was in the source</h2>
${changes.length === 0 ? html`<p>Nothing.</p>` : html`<ul>${changes.map((change) => html`<li>${change}</li>`)}</ul>`}
</main></body></html>
`.text;
}

function classRows({ detection_stats, tracks_by_class }: VideoStats): Markup[] {
  return Object.entries(detection_stats).map(
    ([name, count], at) =>
      html`<tr><th><i style="background:${colour(at)}"></i>${name}</th><td>${count}</td><td>${tracks_by_class[name] ?? 0}</td></tr>`,
  );
}

const [WIDTH, HEIGHT] = [1000, 160];

/** A line a class, and what its axes mean. */
function timeline(stats: VideoStats): Markup {
  const { timeline, detection_stats } = stats;
  const classes = Object.keys(detection_stats);
  const means = timeline.map(({ frames, detections }) =>
    classes.map((name) => (frames === 0 ? 0 : (detections[name] ?? 0) / frames)),
  );
  const most = Math.max(1, ...means.flat());
  const step = WIDTH / timeline.length;
  const lines = classes.map((_, at) => {
    const heights = means.map((row) => (HEIGHT - (row[at]! / most) * (HEIGHT - 10)).toFixed(1));
    const path = heights.map((y, index) => `${(index * step).toFixed(1)},${y} ${((index + 1) * step).toFixed(1)},${y}`);
    return html`<polyline points="${path.join(' ')}" style="stroke:${colour(at)}"/>`;
  });
  const range = `from the begin to ${stats.video_duration.toFixed(1)} s, and from none to ${most.toFixed(1)}`;
  return html`<p>Mean number of objects on a frame, by class: ${range}.</p>
<svg class="timeline" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Objects over time">${lines}</svg>`;
}

function colour(classIndex: number): string {
  return `rgb(${colourOfClass(classIndex).join(',')})`;
}
