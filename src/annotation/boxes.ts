/** Left, top, right and bottom edge, in pixels; right and bottom are exclusive. */
export type Corners = readonly [x1: number, y1: number, x2: number, y2: number];

/** Left and top edge, width and height, in pixels: COCO's bbox. */
export type Box = readonly [x: number, y: number, width: number, height: number];

export interface Size {
  width: number;
  height: number;
}

/** The corners of a box given by its centre and size. */
export function cornersOfCentre(cx: number, cy: number, width: number, height: number): Corners {
  return [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
}

export function cornersOf([x, y, width, height]: Box): Corners {
  return [x, y, x + width, y + height];
}

export function boxOf([x1, y1, x2, y2]: Corners): Box {
  return [x1, y1, x2 - x1, y2 - y1];
}

/** Area in square pixels, 0 for a box whose edges are in the wrong order. */
export function areaOf([x1, y1, x2, y2]: Corners): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

/** Intersection over union, from 0 to 1; 0 when both boxes are empty. */
export function iou(a: Corners, b: Corners): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  if (shared === 0) return 0;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

/** The part of a box that lies in the picture; it may be empty, never inside out. */
export function clip([x1, y1, x2, y2]: Corners, { width, height }: Size): Corners {
  const left = clamp(x1, width);
  const top = clamp(y1, height);
  return [left, top, Math.max(left, clamp(x2, width)), Math.max(top, clamp(y2, height))];
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}

/**
 * A box with its edges on hundredths of a pixel, which is what we write. The edges are rounded, not the size, so that
 * a box inside the picture stays inside.
 */
export function roundBox(corners: Corners): Box {
  const [x1, y1, x2, y2] = corners.map(hundredths) as unknown as Corners;
  return [x1, y1, hundredths(x2 - x1), hundredths(y2 - y1)];
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
