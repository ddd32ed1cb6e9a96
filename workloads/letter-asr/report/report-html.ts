import { html, Markup } from '#core/markup';
import { howItWasMade, numberCards } from '#core/report-parts';
import type { Letter, ScoredPhrase } from '../contract.ts';
import type { DrawnActivity } from './drawn-activities.ts';
import { IN_WORDS, type ReportData } from './report-data.ts';
import { STYLE } from './style.ts';
import { waveform } from './waveform.ts';

/** report.html: one file that needs nothing else, readable without a network and without scripts. */
export function reportHtml(data: ReportData): string {
  const { summary, drawn } = data;
  const rest = summary.activities.total - drawn.length;
  const { text } = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Spoken letters</title><style>${new Markup(STYLE)}</style></head>
<body><main>
<header><p>Spoken letters</p><h1 class="${summary.grade}">${IN_WORDS[summary.grade]}</h1>${notices(data)}</header>
${numbers(data)}
${drawn.map(activitySection)}
${rest > 0 ? html`<p>${rest} more activities are in activity-results.jsonl.</p>` : undefined}
${making(data)}
</main></body></html>
`;
  return text;
}

function notices({ missing, degraded, notes }: ReportData): Markup[] {
  const lines = [
    ...missing.map((line) => `Not scored: ${line}`),
    ...degraded.map(({ step, reason }) => `${step}: ${reason}.`),
    ...notes.map((note) => `Note: ${note}.`),
  ];
  const shown = lines.slice(0, 20).map((line) => html`<p class="notice">${line}</p>`);
  return lines.length > 20 ? [...shown, html`<p class="notice">And ${lines.length - 20} more.</p>`] : shown;
}

function numbers({ summary: { activities, phrases, letters }, seconds, published }: ReportData): Markup {
  const share = letters.total === 0 ? '–' : `${((100 * letters.correct) / letters.total).toFixed(1)} %`;
  const cards: [string | number, string][] = [
    [share, 'of the letters are right'],
    [letters.correct, 'right'],
    [letters.wrong, 'wrong'],
    [letters.missing, 'missing'],
    [`${phrases.scored} of ${phrases.total}`, 'phrases scored'],
    [`${activities.complete} of ${activities.total}`, 'activities complete'],
    [`${seconds.toFixed(1)} s`, 'of sound'],
    ...(published.endpoint === null
      ? []
      : ([[published.published, `sent to ${published.endpoint}`]] as [number, string][])),
  ];
  return numberCards(cards);
}

function activitySection({ results, phrases, undrawn }: DrawnActivity): Markup {
  const byIndex = new Map(results.phrases.map((phrase) => [phrase.phrase_index, phrase]));
  return html`<section><h2>Activity <code>${results.activity_id}</code></h2>
<p>${results.total_alignments} letters, ${results.error_count} not right${results.story_id === undefined ? '' : html`, story <code>${results.story_id}</code>`}</p>
${phrases.map(({ index, seconds, scored }) => {
  const { status, reason, warnings = [], gaps = [] } = byIndex.get(index) ?? {};
  return html`<article><h3>Phrase ${index} <span>${seconds.toFixed(2)} s</span></h3>
${status === 'failed' ? html`<p class="notice">Not scored: ${reason}</p>` : undefined}
${gaps.length > 0 ? html`<p class="notice">Packets that never came: ${gaps.slice(0, 20).join(', ')}${gaps.length > 20 ? ' …' : ''}</p>` : undefined}
${warnings.map((warning) => html`<p class="note">${warning}</p>`)}
${scored && scored.failure === undefined && seconds > 0 ? html`<figure>${waveform(scored, seconds)}</figure>${letterTable(scored)}` : undefined}</article>`;
})}
${undrawn > 0 ? html`<p>${undrawn} more phrases are in phrases.jsonl.</p>` : undefined}</section>`;
}

function letterTable({ letters }: ScoredPhrase): Markup {
  if (letters.length === 0) return html`<p class="note">Nothing was asked for.</p>`;
  return html`<table class="facts"><tr><th scope="col">Letter</th><th scope="col">Verdict</th><th scope="col">Heard</th><th scope="col">Seconds</th><th scope="col">Confidence</th><th scope="col">Reason</th></tr>
${letters.map(letterRow)}</table>`;
}

function letterRow({ item, verdict, heard, startSeconds, endSeconds, confidence, reason }: Letter): Markup {
  const when = startSeconds === null ? '' : `${startSeconds.toFixed(2)}–${endSeconds!.toFixed(2)}`;
  return html`<tr><th scope="row">${item}</th><td class="${verdict}">${verdict}</td><td>${heard ?? '–'}</td><td>${when}</td><td>${heard === null ? '' : confidence.toFixed(2)}</td><td>${reason}</td></tr>
`;
}

function making({ model, params }: ReportData): Markup {
  const rows: [string, string][] = [
    ['model', `${model.name} ${model.version}`],
    ['model sha256', model.sha256],
    ...Object.entries(params).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  ];
  return howItWasMade(rows);
}
