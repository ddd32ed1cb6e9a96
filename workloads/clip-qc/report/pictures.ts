import { html, type Markup } from '#core/markup';
import type { EvidenceBox } from '../result.ts';
import type { ReportData, ReportPicture } from './report-data.ts';

/** The kept frames with the evidence's boxes drawn over them as SVG, so that they stay sharp at any size. */
export function pictureSheet({
  pictures,
  sampled,
  measured,
}: Pick<ReportData, 'pictures' | 'sampled' | 'measured'>): Markup {
  const boxes = measured.finding.evidence?.boxes ?? [];
  return html`<div class="sheet">${pictures.map((picture) =>
    figure(
      picture,
      boxes.filter(({ frame }) => frame === picture.frame),
      sampled,
    ),
  )}</div>`;
}

function figure(
  { sourceFrame, seconds, jpeg }: ReportPicture,
  boxes: EvidenceBox[],
  size: { width: number; height: number },
): Markup {
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  const notes = [...new Set(boxes.map(({ note }) => note))];
  return html`<figure><div class="picture"><img src="${source}" alt="Frame ${sourceFrame}" loading="lazy"><svg viewBox="0 0 ${size.width} ${size.height}" preserveAspectRatio="none">${boxes.map(rectangle)}</svg></div><figcaption>Frame ${sourceFrame} <span>${seconds.toFixed(2)} s</span></figcaption>${notes.map((note) => html`<p class="note">${note}</p>`)}</figure>
`;
}

function rectangle({ box: [x1, y1, x2, y2], note }: EvidenceBox): Markup {
  return html`<rect x="${x1}" y="${y1}" width="${x2 - x1}" height="${y2 - y1}"><title>${note}</title></rect>`;
}
