import type { Rgb } from './colour.ts';

/** x0, y0, x1, y1, … in pixels; y grows downwards. */
export type Points = readonly number[];

export type Canvas = {
  width: number;
  height: number;
  /** Pixels as RGB bytes, row by row. */
  rgb: Uint8Array;
  /** The id of the actor that a pixel shows (0: none): the last one that covered a half of it or more. */
  owner: Uint8Array;
  /** Who touched a pixel last, and how much of it all of their polygons cover together (255: all). */
  touched: Uint8Array;
  share: Uint8Array;
};

/** What a fill writes into `owner`: an actor's id, 0 for scenery that hides actors, undefined for shadows. */
export type Brush = { canvas: Canvas; owner: number | undefined; reach: Reach };

/** How far a brush went, in pixels, outside of the picture too. */
export type Reach = { left: number; top: number; right: number; bottom: number };

/** A colour, or a gradient from `colour` at the polygon's top to `to` at its bottom; alpha 1 when not given. */
export type Paint = { colour: Rgb; to?: Rgb; alpha?: number };

export function createCanvas(width: number, height: number): Canvas {
  const plane = () => new Uint8Array(width * height);
  return { width, height, rgb: new Uint8Array(width * height * 3), owner: plane(), touched: plane(), share: plane() };
}

export function createBrush(canvas: Canvas, owner: number | undefined): Brush {
  return {
    canvas,
    owner,
    reach: {
      left: Number.POSITIVE_INFINITY,
      top: Number.POSITIVE_INFINITY,
      right: Number.NEGATIVE_INFINITY,
      bottom: Number.NEGATIVE_INFINITY,
    },
  };
}

let coverage = new Float32Array(0);

/**
 * Fills a polygon with exact area coverage per pixel: each edge adds its signed area to the pixels it crosses, and the
 * running sum along a row is the coverage (the method of font rasterisers such as font-rs). Winding does not matter;
 * polygons that cross themselves come out roughly.
 */
export function fillPolygon({ canvas, owner, reach }: Brush, points: Points, paint: Paint): void {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < points.length; index += 2) {
    left = Math.min(left, points[index]!);
    right = Math.max(right, points[index]!);
    top = Math.min(top, points[index + 1]!);
    bottom = Math.max(bottom, points[index + 1]!);
  }
  reach.left = Math.min(reach.left, left);
  reach.top = Math.min(reach.top, top);
  reach.right = Math.max(reach.right, right);
  reach.bottom = Math.max(reach.bottom, bottom);

  const x0 = Math.max(0, Math.floor(left));
  const y0 = Math.max(0, Math.floor(top));
  const columns = Math.min(canvas.width, Math.ceil(right)) - x0;
  const rows = Math.min(canvas.height, Math.ceil(bottom)) - y0;
  if (columns <= 0 || rows <= 0) return;

  const stride = columns + 2;
  if (coverage.length < stride * rows) coverage = new Float32Array(stride * rows);
  else coverage.fill(0, 0, stride * rows);
  for (let index = 0; index < points.length; index += 2) {
    const next = (index + 2) % points.length;
    addEdge(points[index]! - x0, points[index + 1]! - y0, points[next]! - x0, points[next + 1]! - y0, columns, rows);
  }

  const alpha = paint.alpha ?? 1;
  const to = paint.to ?? paint.colour;
  const { rgb, width } = canvas;
  for (let row = 0; row < rows; row++) {
    const share = Math.min(1, Math.max(0, (y0 + row + 0.5 - top) / (bottom - top)));
    const red = paint.colour[0] + (to[0] - paint.colour[0]) * share;
    const green = paint.colour[1] + (to[1] - paint.colour[1]) * share;
    const blue = paint.colour[2] + (to[2] - paint.colour[2]) * share;
    let sum = 0;
    let pixel = (y0 + row) * width + x0;
    for (let at = row * stride, end = at + columns; at < end; at++, pixel++) {
      sum += coverage[at]!;
      const covered = sum < 0 ? -sum : sum;
      if (covered < 0.004) continue;
      const a = covered > 1 ? alpha : covered * alpha;
      const byte = pixel * 3;
      // + 0.5: bytes are cut off, not rounded, when stored.
      rgb[byte] = rgb[byte]! + (red - rgb[byte]!) * a + 0.5;
      rgb[byte + 1] = rgb[byte + 1]! + (green - rgb[byte + 1]!) * a + 0.5;
      rgb[byte + 2] = rgb[byte + 2]! + (blue - rgb[byte + 2]!) * a + 0.5;
      if (owner !== undefined) claim(canvas, pixel, owner, a);
    }
  }
}

/** A thin thing may be made of faces that cover less than half a pixel each, so their shares are added up. */
function claim({ owner, touched, share }: Canvas, pixel: number, id: number, covered: number): void {
  const before = touched[pixel] === id ? share[pixel]! : 0;
  const now = before + (255 - before) * covered;
  touched[pixel] = id;
  share[pixel] = now;
  if (now >= 127.5) owner[pixel] = id;
}

/** Adds one edge's signed area to the coverage of the pixels it crosses; x outside the columns counts at the border. */
function addEdge(ax: number, ay: number, bx: number, by: number, columns: number, rows: number): void {
  if (ay === by) return;
  const sign = ay < by ? 1 : -1;
  const [topX, topY, bottomX, bottomY] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const slope = (bottomX - topX) / (bottomY - topY);
  const lastRow = Math.min(rows, Math.ceil(bottomY));
  for (let row = Math.max(0, Math.floor(topY)); row < lastRow; row++) {
    const from = Math.max(row, topY);
    const until = Math.min(row + 1, bottomY);
    const area = (until - from) * sign;
    const startX = clampTo(topX + (from - topY) * slope, columns);
    const endX = clampTo(topX + (until - topY) * slope, columns);
    addSpan(row * (columns + 2), Math.min(startX, endX), Math.max(startX, endX), area);
  }
}

/** Spreads `area` over the pixels between x `low` and `high` of the row that starts at `base`. */
function addSpan(base: number, low: number, high: number, area: number): void {
  const first = Math.floor(low);
  const last = Math.floor(high);
  if (first === last) {
    const inner = area * (1 - ((low + high) / 2 - first));
    coverage[base + first]! += inner;
    coverage[base + first + 1]! += area - inner;
    return;
  }
  // Across several pixels: what is covered grows linearly over the span; `covered` is its integral up to x.
  const middle = (low + high) / 2;
  const half = area / (2 * (high - low));
  const covered = (x: number) => (x <= low ? 0 : x >= high ? area * (x - middle) : half * (x - low) * (x - low));
  let before = 0;
  for (let pixel = first; pixel <= last; pixel++) {
    const inPixel = covered(pixel + 1) - covered(pixel);
    coverage[base + pixel]! += inPixel - before;
    before = inPixel;
  }
  coverage[base + last + 1]! += area - before;
}

function clampTo(x: number, columns: number): number {
  return Math.max(0, Math.min(columns, x));
}
