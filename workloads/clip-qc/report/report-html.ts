import { html, Markup } from '#core/markup';
import { howItWasMade, numberCards } from '#core/report-parts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import { CATEGORIES } from '../result.ts';
import { pictureSheet } from './pictures.ts';
import { IN_WORDS, type ReportData } from './report-data.ts';
import { STYLE } from './style.ts';
import { timelineChart } from './timeline-chart.ts';

/** report.html: one file that needs nothing else, readable without a network and without scripts. */
export function reportHtml(data: ReportData): string {
  const { title, timeline, measured, params } = data;
  const { finding } = measured;
  const evidence = new Set(finding.evidence?.boxes.map(({ frame }) => frame));
  const { text } = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Quality of ${title}</title><style>${new Markup(STYLE)}</style></head>
<body><main>
<header><p>Quality of <code>${title}</code></p><h1 class="${finding.artifact ? 'found' : 'clean'}">${IN_WORDS[finding.category]}</h1>${notices(data)}</header>
${numbers(data)}
<section><h2>Over time</h2>${timelineChart(timeline, { evidence, spikeSsim: params.spikeSsim })}</section>
<section><h2>${finding.evidence ? 'Evidence' : 'Frames'}</h2><p>${evidenceWords(data)}</p>${pictureSheet(data)}</section>
<section class="columns"><div><h2>Probabilities</h2>${probabilities(data)}</div><div><h2>What was measured</h2>${features(data)}</div></section>
${making(data)}
</main></body></html>
`;
  return text;
}

function notices({ measured: { finding } }: ReportData): Markup[] {
  const { warnings, override, secondary } = finding;
  return [
    ...(override ? [`Overruled: ${override}.`] : []),
    ...(secondary ? [`Beside it there are signs of another artifact: ${IN_WORDS[secondary].toLowerCase()}.`] : []),
    ...warnings.map((warning) => `Note: ${warning}.`),
  ].map((line) => html`<p class="notice">${line}</p>`);
}

function numbers({ measured: { finding, text }, sampled, timeline }: ReportData): Markup {
  const withText = timeline.filter((frame) => frame.text !== '').length;
  const cards: [string | number, string][] = [
    [`${(finding.confidence * 100).toFixed(1)} %`, 'likely to have an artifact'],
    [sampled.frames.length, `frames looked at, every ${sampled.every === 1 ? '' : `${sampled.every}. `}frame`],
    [`${sampled.width}×${sampled.height}`, 'pixels'],
    [withText, 'frames with text'],
    [text.read, `places read, ${text.reused} taken over`],
  ];
  return numberCards(cards);
}

const LEVELS = {
  strict: 'The rule of this artifact holds at these places.',
  relaxed: 'No place breaks the strict rule; these are the strongest of the weaker signs.',
  strongest:
    'The classifier sees the artifact in the whole clip and no rule names a place; this is where most changes.',
};

function evidenceWords({ measured: { finding }, pictures }: ReportData): string {
  if (finding.evidence === null) return 'A few frames, spread over the clip.';
  const frames = new Set(finding.evidence.boxes.map(({ frame }) => frame)).size;
  return `${LEVELS[finding.evidence.level]} ${finding.evidence.boxes.length} boxes in ${frames} frames; ${pictures.length} pictures are shown.`;
}

function probabilities({ measured: { finding } }: ReportData): Markup {
  return html`<table class="bars">${CATEGORIES.map((name) => {
    const share = finding.probabilities[name];
    return html`<tr><th scope="row">${name}</th><td><div class="bar" style="width:${(100 * share).toFixed(1)}%"></div></td><td class="count">${share.toFixed(3)}</td></tr>`;
  })}</table>`;
}

function features({ measured }: ReportData): Markup {
  const names = FEATURE_SETS[measured.featureSet as keyof typeof FEATURE_SETS];
  return html`<details><summary>${names.length} features</summary><table class="facts">${names.map(
    (name) => html`<tr><th scope="row">${name}</th><td>${number(measured.features[name]!)}</td></tr>`,
  )}</table></details>`;
}

function making({ measured: { model, text }, sampled, params }: ReportData): Markup {
  const rows: [string, string][] = [
    ['input sha256', sampled.input.sha256],
    ['model', `${model.name} ${model.version}`],
    ['model sha256', model.sha256],
    ['text was read by', `${text.engine.name} ${text.engine.version}`],
    ...Object.entries(params).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  ];
  return howItWasMade(rows);
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
