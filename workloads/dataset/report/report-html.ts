import { html, Markup } from '#core/markup';
import { howItWasMade, numberCards } from '#core/report-parts';
import { barChart, timelineChart } from './charts.ts';
import { classColor } from './class-colors.ts';
import { contactSheet } from './contact-sheet.ts';
import type { ReportData } from './report-data.ts';
import { STYLE } from './style.ts';

/** report.html: one file that needs nothing else, readable without a network and without scripts. */
export function reportHtml(data: ReportData): string {
  const { frames, stats, title } = data;
  const { text } = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Dataset from ${title}</title><style>${new Markup(STYLE)}</style></head>
<body><main>
<header><h1>Dataset from <code>${title}</code></h1>${notices(data)}</header>
${numbers(data)}
${frames ? html`<section><h2>Frames over time</h2>${timelineChart(frames.timeline)}</section>` : []}
<section><h2>Pictures</h2><p>${data.contactSheet.length} of ${stats.imageCount} pictures, spread over the dataset.</p>${contactSheet(data.contactSheet, data.classes)}</section>
<section class="columns"><div><h2>Classes</h2>${barChart(classBars(data), 'Detections per class')}</div>
<div><h2>Confidence</h2>${barChart(confidenceBars(data), 'Detections per confidence')}</div></section>
<section><h2>Quality of the dataset</h2>${qualityTable(data)}</section>
${making(data)}
</main></body></html>
`;
  return text;
}

function notices({ frames, degraded }: ReportData): Markup[] {
  const stoppedAt = frames?.extracted.stoppedAt;
  const partial =
    stoppedAt === undefined
      ? []
      : [
          html`<p class="notice">Partial: decoding stopped at frame ${stoppedAt.frame}, ${stoppedAt.seconds.toFixed(3)} s. ${stoppedAt.reason}</p>`,
        ];
  return [...partial, ...degraded.map(({ step, reason }) => html`<p class="notice">Degraded: ${step}: ${reason}</p>`)];
}

function numbers({ frames, stats }: ReportData): Markup {
  const cards: [string | number, string][] = [
    [stats.imageCount, 'pictures'],
    [stats.annotationCount, 'detections'],
    ...(frames ? frameCards(frames) : []),
  ];
  return numberCards(cards);
}

function frameCards({ extracted, drops }: NonNullable<ReportData['frames']>): [string | number, string][] {
  return [
    [drops.sampled, `of ${drops.decoded} frames sampled`],
    [drops.duplicates, 'near-duplicates dropped'],
    [drops.blurry, 'blurry frames dropped'],
    [`${(drops.dropRatio * 100).toFixed(1)} %`, 'dropped by cleaning'],
    [`${extracted.width}×${extracted.height}`, `pixels, ${extracted.durationSeconds.toFixed(1)} s`],
  ];
}

function classBars({ stats, classes }: ReportData) {
  return Object.entries(stats.classDistribution).map(([label, count]) => ({
    label,
    count,
    color: classColor(Math.max(0, classes.indexOf(label))),
  }));
}

function confidenceBars({ stats }: ReportData) {
  return stats.confidenceHistogram.map(({ from, to, count }) => ({
    label: `${from.toFixed(1)} – ${to.toFixed(1)}`,
    count,
  }));
}

function qualityTable({ quality }: ReportData): Markup {
  return html`<table class="facts">${quality.map(
    ({ name, passed, severity, detail }) =>
      html`<tr><td class="${passed ? 'passed' : severity}">${passed ? '✓ passed' : severity}</td><th scope="row">${name}</th><td>${detail}</td></tr>`,
  )}</table>`;
}

function making({ made, frames }: ReportData): Markup | Markup[] {
  if (made === undefined) return [];
  const rows: [string, string][] = [
    ...(frames ? [['input sha256', frames.extracted.input.sha256] as [string, string]] : []),
    ['model', `${made.model.name} ${made.model.version}`],
    ['model sha256', made.model.sha256],
    ...Object.entries(made.params).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  ];
  return howItWasMade(rows);
}
