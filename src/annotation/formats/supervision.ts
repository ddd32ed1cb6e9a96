import { cornersOf, hundredths } from '../boxes.ts';
import type { VideoBox, VideoFrame } from './video-box.ts';

/** A detection under the names that supervision's CSV and JSON sinks use; no track is -1 in a table, as there. */
export function toRecord({ box, score, classIndex, label, track, interpolated }: VideoBox) {
  const [x_min, y_min, x_max, y_max] = cornersOf(box).map(hundredths) as [number, number, number, number];
  return {
    ...{ x_min, y_min, x_max, y_max, class_id: classIndex, confidence: score, tracker_id: track ?? null },
    ...{ class_name: label, interpolated: interpolated ?? false },
  };
}

/** The line of a frame in a JSON Lines file. */
export function supervisionJson({ frame, seconds, boxes, place }: VideoFrame): string {
  const where = place === undefined ? {} : { location: place };
  return `${JSON.stringify({ frame_number: frame, time_seconds: seconds, ...where, detections: boxes.map(toRecord) })}\n`;
}

const COLUMNS = ['x_min', 'y_min', 'x_max', 'y_max', 'class_id', 'confidence', 'tracker_id', 'class_name'] as const;

/** The first line of a CSV file; `places` are the columns of a location. */
export function supervisionHeader(places: readonly string[] = []): string {
  return `${[...COLUMNS, 'frame_number', 'time_seconds', 'interpolated', ...places].join(',')}\n`;
}

/** The lines of a frame in a CSV file, one for each detection. */
export function supervisionCsv(
  { frame, seconds, boxes, place = {} }: VideoFrame,
  places: readonly string[] = [],
): string {
  return boxes
    .map((box) => {
      const { interpolated, ...record } = toRecord(box);
      const cells = COLUMNS.map((column) => (column === 'tracker_id' ? (record.tracker_id ?? -1) : record[column]));
      return `${[...cells, frame, seconds, interpolated, ...places.map((name) => place[name] ?? '')].map(cell).join(',')}\n`;
    })
    .join('');
}

/** RFC 4180. A text that a spreadsheet would take for a formula is kept from being one. */
function cell(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
