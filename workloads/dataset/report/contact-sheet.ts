import { classColor } from './class-colors.ts';
import { html, type Raw } from './markup.ts';
import type { ContactPicture } from './report-data.ts';

/** At most so many pictures in a report: more make it slow to open, and nobody looks at them. */
export const CONTACT_PICTURES = 24;

/** Picks `most` of the items, spread evenly, the first and the last among them. */
export function spread<T>(items: T[], most: number): T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.round((at * (items.length - 1)) / (most - 1))]!);
}

/** The pictures with their boxes drawn over them as SVG, so that they stay sharp at any size. */
export function contactSheet(pictures: ContactPicture[]): Raw {
  return html`<div class="sheet">${pictures.map(picture)}</div>`;
}

function picture({ file, seconds, width, height, jpeg, detections }: ContactPicture): Raw {
  const source = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
  return html`<figure><div class="picture"><img src="${source}" alt="${file}" loading="lazy"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">${detections.map(
    (detection) => box(detection, width),
  )}</svg></div><figcaption>${file} <span>${seconds.toFixed(2)} s, ${detections.length} found</span></figcaption></figure>
`;
}

function box(
  { box: [x, y, w, h], label, score, classIndex }: ContactPicture['detections'][number],
  width: number,
): Raw {
  const color = classColor(classIndex);
  const textSize = width / 36;
  const tag = `${label} ${score.toFixed(2)}`;
  const tagTop = y < textSize * 1.3 ? y : y - textSize * 1.3;
  return html`<rect x="${x}" y="${y}" width="${w}" height="${h}" style="stroke:${color}"/><rect class="tag" x="${x}" y="${tagTop.toFixed(1)}" width="${(tag.length * textSize * 0.58).toFixed(1)}" height="${(textSize * 1.3).toFixed(1)}" style="fill:${color}"/><text x="${(x + textSize * 0.2).toFixed(1)}" y="${(tagTop + textSize).toFixed(1)}" font-size="${textSize.toFixed(1)}">${tag}</text>`;
}
