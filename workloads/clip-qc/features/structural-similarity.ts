import type { GreyPicture } from './picture.ts';

/** How alike two pictures are: over the whole picture, and over each patch of a grid, row by row. */
export interface Similarity {
  whole: number;
  patches: number[];
}

const WINDOW = 7;
// K1 = 0.01 and K2 = 0.03 at a range of 255 (Wang et al., "Image quality assessment", 2004).
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/**
 * Mean structural similarity (SSIM) of two grey pictures of one size: uniform 7 x 7 windows that lie wholly inside,
 * sample covariance, as scikit-image's `structural_similarity(a, b, data_range=255)`. A picture that is narrower or lower
 * than the window is seen through a window that fits it, so no size fails. Pictures without a pixel are alike.
 */
export function structuralSimilarity(a: GreyPicture, b: GreyPicture): number {
  if (a.width * a.height === 0) return 1;
  return meanOfAll(similarityMap(a, b));
}

/** The same, and of each patch of a `columns` x `rows` grid alone: only windows wholly inside a patch count for it. */
export function similarityByPatch(a: GreyPicture, b: GreyPicture, columns: number, rows: number): Similarity {
  const map = similarityMap(a, b);
  const whole = meanOfAll(map);
  const patches: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [x1, x2] = [Math.floor((column * a.width) / columns), Math.floor(((column + 1) * a.width) / columns)];
      const [y1, y2] = [Math.floor((row * a.height) / rows), Math.floor(((row + 1) * a.height) / rows)];
      const seen = meanOfPart(map, x1, y1, x2 - map.windowWidth + 1, y2 - map.windowHeight + 1);
      // A patch smaller than the window has no windows of its own: it is what the picture is.
      patches.push(seen ?? whole);
    }
  }
  return { whole, patches };
}

/** The similarity seen through each window; a value stands at its window's upper left corner. */
interface SimilarityMap {
  width: number;
  height: number;
  windowWidth: number;
  windowHeight: number;
  values: Float64Array;
}

/**
 * Sums are exact integers, so the order in which they are made does not show. This is where most of the time of a clip
 * without text goes, hence plain loops over plain numbers.
 */
function similarityMap(a: GreyPicture, b: GreyPicture): SimilarityMap {
  const { width, height } = a;
  const [windowWidth, windowHeight] = [Math.min(WINDOW, width), Math.min(WINDOW, height)];
  const [mapWidth, mapHeight] = [width - windowWidth + 1, height - windowHeight + 1];
  const values = new Float64Array(mapWidth * mapHeight);
  const columns = emptyColumns(width);
  for (let row = 0; row < windowHeight - 1; row += 1) addRow(columns, a.grey, b.grey, row * width);
  for (let y = 0; y < mapHeight; y += 1) {
    addRow(columns, a.grey, b.grey, (y + windowHeight - 1) * width);
    compareRow(columns, windowWidth, windowWidth * windowHeight, values, y * mapWidth);
    removeRow(columns, a.grey, b.grey, y * width);
  }
  return { width: mapWidth, height: mapHeight, windowWidth, windowHeight, values };
}

/** Sums over the rows of the window, column by column. All fit 32 bits: 7 rows of 2 * 255 * 255. */
interface ColumnSums {
  a: Int32Array;
  b: Int32Array;
  /** Squares of both: the formula needs no more than their sum. */
  squares: Int32Array;
  products: Int32Array;
}

function emptyColumns(width: number): ColumnSums {
  const column = () => new Int32Array(width);
  return { a: column(), b: column(), squares: column(), products: column() };
}

function addRow({ a, b, squares, products }: ColumnSums, greyA: Uint8Array, greyB: Uint8Array, from: number): void {
  for (let x = 0; x < a.length; x += 1) {
    const va = greyA[from + x]!;
    const vb = greyB[from + x]!;
    a[x]! += va;
    b[x]! += vb;
    squares[x]! += va * va + vb * vb;
    products[x]! += va * vb;
  }
}

function removeRow({ a, b, squares, products }: ColumnSums, greyA: Uint8Array, greyB: Uint8Array, from: number): void {
  for (let x = 0; x < a.length; x += 1) {
    const va = greyA[from + x]!;
    const vb = greyB[from + x]!;
    a[x]! -= va;
    b[x]! -= vb;
    squares[x]! -= va * va + vb * vb;
    products[x]! -= va * vb;
  }
}

/** Slides the window along a row and writes the similarity seen through it at each place. */
function compareRow(columns: ColumnSums, windowWidth: number, n: number, values: Float64Array, to: number): void {
  const { a, b, squares, products } = columns;
  // Sample covariance; a single pixel varies with nothing.
  const unbiased = n > 1 ? n / (n - 1) : 0;
  const share = 1 / n;
  let sumA = 0;
  let sumB = 0;
  let sumSquares = 0;
  let sumProducts = 0;
  for (let x = 0; x < windowWidth - 1; x += 1) {
    sumA += a[x]!;
    sumB += b[x]!;
    sumSquares += squares[x]!;
    sumProducts += products[x]!;
  }
  const places = a.length - windowWidth + 1;
  for (let x = 0; x < places; x += 1) {
    const last = x + windowWidth - 1;
    sumA += a[last]!;
    sumB += b[last]!;
    sumSquares += squares[last]!;
    sumProducts += products[last]!;
    const meanA = sumA * share;
    const meanB = sumB * share;
    const product = meanA * meanB;
    const means = meanA * meanA + meanB * meanB;
    const variances = unbiased * (sumSquares * share - means);
    const covariance = unbiased * (sumProducts * share - product);
    values[to + x] = ((2 * product + C1) * (2 * covariance + C2)) / ((means + C1) * (variances + C2));
    sumA -= a[x]!;
    sumB -= b[x]!;
    sumSquares -= squares[x]!;
    sumProducts -= products[x]!;
  }
}

function meanOfAll({ values }: SimilarityMap): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at]!;
  return sum / values.length;
}

function meanOfPart({ width, values }: SimilarityMap, x1: number, y1: number, x2: number, y2: number) {
  if (x2 <= x1 || y2 <= y1) return undefined;
  let sum = 0;
  for (let y = y1; y < y2; y += 1) for (let x = x1; x < x2; x += 1) sum += values[y * width + x]!;
  return sum / ((x2 - x1) * (y2 - y1));
}
