import { createHash } from 'node:crypto';
import { html, Markup } from '#core/markup';
import { PRESETS } from '../presets.ts';
import { intermediates, type ReportData } from './report-data.ts';
import { STYLE } from './style.ts';
import { VIEWER_PROGRAM } from './viewer-program.ts';

// The page runs this one program and no other, whatever a file's name may hold.
const VIEWER_HASH = createHash('sha256').update(VIEWER_PROGRAM).digest('base64');

/** report.html: one file that needs nothing else; the model can be turned without a network. */
export function reportHtml(data: ReportData): string {
  const { title, estimated, checked, cloud } = data;
  const { text } = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${VIEWER_HASH}'">
<title>Model of ${title}</title><style>${new Markup(STYLE)}</style></head>
<body><main>
<header><p>Model of <code>${title}</code></p><h1>${estimated.quality!.registered} of ${estimated.quality!.frames} frames placed, ${cloud.kind} cloud</h1>
${[...data.degraded.map(({ reason }) => reason), ...data.missing].map((line) => html`<p class="notice">${line}.</p>`)}</header>
${viewer(data)}
<section><h2>Quality: <span class="${checked.verdict}">${checked.verdict}</span></h2>${checks(data)}</section>
<section><h2>Numbers</h2>${facts(numbersOf(data))}</section>
<section><h2>Frames</h2>${frames(data)}</section>
<section><h2>How it was made</h2>${facts(makingOf(data))}</section>
</main><script type="application/json" id="scene">${new Markup(JSON.stringify(data.scene))}</script>
<script>${new Markup(VIEWER_PROGRAM)}</script></body></html>
`;
  return text;
}

function viewer({ scene }: ReportData): Markup {
  const layers = [
    ...(scene.mesh ? [{ name: 'mesh', label: `mesh (${scene.mesh.faces} triangles)` }] : []),
    { name: 'points', label: `points (${scene.points.count})` },
    { name: 'cameras', label: `cameras (${scene.cameras})` },
  ];
  return html`<section><canvas id="view" tabindex="0" role="img" aria-label="The model, which can be turned with the arrow keys"></canvas>
<fieldset id="shown"><legend class="hint">Shown</legend>${layers.map(
    ({ name, label }) => html`<label><input type="checkbox" value="${name}" checked> ${label}</label>`,
  )}</fieldset>
<p class="hint">Drag to turn, wheel or pinch to come closer, Shift and drag to move; or arrow keys, + and −, W A S D, and 0 for the first view.</p>
<p id="viewer-status" role="status"></p></section>`;
}

function checks({ checked }: ReportData): Markup {
  return html`<div class="scroll"><table><tr><th>What</th><th>Measured</th><th>Unit</th><th>Warns at</th><th>Fails at</th><th></th></tr>${checked.checks.map(
    (
      check,
    ) => html`<tr><th scope="row">${check.name}</th><td class="number">${check.value}</td><td>${check.unit}</td><td class="number">${check.warnAt}</td><td class="number">${check.failAt}</td>
<td><span class="${check.verdict}">${check.verdict}</span>${check.verdict === 'warn' ? html` ${check.advice}` : undefined}</td></tr>`,
  )}</table></div>`;
}

/** The numbers of a model, for this page and for report.md. */
export function numbersOf(data: ReportData): [string, string][] {
  const { selected, matched, estimated, cloud, meshed } = data;
  const { stats } = meshed;
  const { before, after, savedShare } = intermediates(data);
  return [
    ['frames looked at', `${selected.candidates}`],
    ['frames chosen', `${selected.frames.length}`],
    ...Object.entries(selected.refused).map(([reason, count]): [string, string] => [`left out: ${reason}`, `${count}`]),
    ['pairs that match', `${matched.facts.verifiedPairs}, compared ${matched.pairing}`],
    ...earthOf(estimated),
    ['models found', estimated.models.map((pictures) => `${pictures} frames`).join(', ')],
    ['points of the sparse cloud', `${estimated.quality!.points}`],
    [`points of the ${cloud.kind} cloud that carry the surface`, `${cloud.points}`],
    ['mesh', meshed.method ?? meshed.missing ?? 'not asked for'],
    ...(stats
      ? ([
          ['vertices, triangles', `${stats.vertices}, ${stats.faces}`],
          ['area', `${stats.area.toPrecision(4)} model units squared`],
          [
            'volume',
            stats.volume === null ? 'none: the surface is open' : `${stats.volume.toPrecision(4)} model units cubed`,
          ],
          ['box', stats.box.map((length) => length.toPrecision(4)).join(' × ')],
          ['holes', `${stats.holes} (${stats.openEdges} open edges)`],
        ] as [string, string][])
      : []),
    [
      'intermediate files',
      `${mebibytes(before)} as they are, ${mebibytes(after)} stored: ${(100 * savedShare).toFixed(0)} % saved`,
    ],
  ];
}

// Phones err by metres: over a walk that is not some times as long, their places say nothing of its size.
const WORTH_A_SCALE = 5;

function earthOf({ earth }: ReportData['estimated']): [string, string][] {
  if (!earth) return [];
  const { pictures, metresPerUnit, medianErrorMetres, extentMetres } = earth;
  const places = `${pictures} frames, ${medianErrorMetres.toPrecision(3)} m off in the middle, over ${extentMetres.toPrecision(3)} m`;
  return [
    [
      'one unit of the model, by GPS',
      extentMetres < WORTH_A_SCALE * medianErrorMetres
        ? `unknown: the places are too coarse (${places})`
        : `${metresPerUnit.toPrecision(3)} m (${places})`,
    ],
  ];
}

function frames({ selected, estimated, thumbnails }: ReportData): Markup {
  const lost =
    estimated.lost.length > 0 ? `Not placed: ${estimated.lost.join(', ')}.` : 'Every chosen frame has a place.';
  return html`<p>${lost} ${selected.unreadable.map(({ name, reason }) => `Not read: ${name} (${reason})`).join(' ')}</p>
<p class="hint">frames.json has every candidate with what was measured of it, and why it was kept or not.</p>
<div class="sheet">${thumbnails.map(
    ({ file, jpeg, placed }) =>
      html`<figure class="${placed ? '' : 'lost'}"><img alt="" src="data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}"><figcaption>${file}${placed ? '' : ', not placed'}</figcaption></figure>`,
  )}</div>`;
}

/** What a model was made of and how. */
export function makingOf({ selected, estimated, features, params }: ReportData): [string, string][] {
  return [
    ...selected.input.map(({ name, sha256 }): [string, string] => [name, `sha256 ${sha256}`]),
    ['engine', `${estimated.engine.name} ${estimated.engine.version}, features and matches on the CPU`],
    ...lensOf(selected),
    ['camera', `${params.cameraModel}, ${features.camera === 'single' ? 'one for all frames' : 'one for each frame'}`],
    ...Object.entries(PRESETS[params.preset]).map(([name, value]): [string, string] => [`preset: ${name}`, `${value}`]),
    ...Object.entries(params).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  ];
}

function lensOf({ frames, masks }: ReportData['selected']): [string, string][] {
  const known = frames.filter(({ focal35Millimetres }) => focal35Millimetres !== undefined).length;
  return [
    ...(known > 0 ? [['focal length by EXIF', `${known} frames`] as [string, string]] : []),
    ...(masks === undefined
      ? []
      : [['masks', masks === 'one' ? 'one for all frames' : 'each its own'] as [string, string]]),
  ];
}

function facts(rows: [string, string][]): Markup {
  return html`<div class="scroll"><table>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`,
  )}</table></div>`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
