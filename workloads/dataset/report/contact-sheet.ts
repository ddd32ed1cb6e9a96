import { html, type Markup } from '#core/markup';
import { classColor } from './class-colors.ts';
import type { ContactPicture } from './report-data.ts';

/** At most so many pictures in a report: more make it slow to open, and nobody looks at them. */
export const CONTACT_PICTURES = 24;

/** Picks `most` of the items, spread evenly, the first and the last among them. */
export function spread<T>(items: T[], most: number): T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.round((at * (items.length - 1)) / (most - 1))]!);
}

/** The pictures with their boxes drawn over them as SVG, so that they stay sharp at any size. */
export function contactSheet(pictures: ContactPicture[], classes: string[]): Markup {
  return html`${legend(classes)}<div class="sheet">${pictures.map(picture)}</div>`;
}

function picture({ file, seconds, width, height, jpeg, detections }: ContactPicture): Markup {
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  return html`<figure><div class="picture"><img src="${source}" alt="${file}" loading="lazy"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${detections.map(box)}</svg></div><figcaption>${file} <span>${seconds.toFixed(2)} s, ${detections.length} found</span></figcaption></figure>
`;
}

/** The score is told on hovering: written out, the words would cover the picture. */
function box({ box: [x, y, w, h], label, score, classIndex }: ContactPicture['detections'][number]): Markup {
  return html`<rect x="${x}" y="${y}" width="${w}" height="${h}" style="stroke:${classColor(classIndex)}"><title>${label} ${score.toFixed(2)}</title></rect>`;
}

function legend(classes: string[]): Markup {
  return html`<p>${classes.map((name, index) => html`<span class="key"><i style="background:${classColor(index)}"></i>${name}</span> `)}</p>`;
}
