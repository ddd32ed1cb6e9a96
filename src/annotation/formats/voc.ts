import type { Box, Size } from '../boxes.ts';
import type { LabelledPicture } from './coco.ts';

/**
 * One picture's annotation in the format of the Pascal VOC development kit. Its pixels count from 1 and both edges
 * belong to the box, so that a box over the whole picture is 1, 1, width, height.
 */
export function vocAnnotation({ file, width, height, detections }: LabelledPicture, folder = 'images'): string {
  const objects = detections.map(({ label, box }) => vocObject(label, box, { width, height })).join('');
  return `<annotation>
  <folder>${escapeXml(folder)}</folder>
  <filename>${escapeXml(file)}</filename>
  <size>
    <width>${width}</width>
    <height>${height}</height>
    <depth>3</depth>
  </size>
  <segmented>0</segmented>
${objects}</annotation>
`;
}

function vocObject(label: string, [x, y, width, height]: Box, size: Size): string {
  const left = Math.min(Math.round(x) + 1, size.width);
  const top = Math.min(Math.round(y) + 1, size.height);
  // A box thinner than half a pixel still has one: its edges may not cross.
  const [right, bottom] = [Math.max(left, Math.round(x + width)), Math.max(top, Math.round(y + height))];
  return `  <object>
    <name>${escapeXml(label)}</name>
    <pose>Unspecified</pose>
    <truncated>0</truncated>
    <difficult>0</difficult>
    <bndbox>
      <xmin>${left}</xmin>
      <ymin>${top}</ymin>
      <xmax>${right}</xmax>
      <ymax>${bottom}</ymax>
    </bndbox>
  </object>
`;
}

/** The annotation file for a picture file. */
export function vocName(file: string): string {
  return `${file.replace(/\.[^./]+$/, '')}.xml`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(NOT_IN_XML, '\uFFFD');
}

// The characters that XML 1.0 (section 2.2) has no way to write.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NOT_IN_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
