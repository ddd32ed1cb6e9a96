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
  const { mapWidth, mapHeight } = mapOf(a);
  let sum = 0;
  eachRow(a, b, (row) => {
    sum += sumOf(row, 0, row.length);
  });
  return sum / (mapWidth * mapHeight);
}

/** The same, and of each patch of a `columns` x `rows` grid alone: only windows wholly inside a patch count for it. */
export function similarityByPatch(a: GreyPicture, b: GreyPicture, columns: number, rows: number): Similarity {
  const { windowWidth, windowHeight, mapWidth, mapHeight } = mapOf(a);
  const edge = (at: number, parts: number, length: number) => Math.floor((at * length) / parts);
  const spans = (parts: number, length: number, window: number) =>
    Array.from(
      { length: parts },
      (_, at) => [edge(at, parts, length), edge(at + 1, parts, length) - window + 1] as const,
    );
  const [across, down] = [spans(columns, a.width, windowWidth), spans(rows, a.height, windowHeight)];

  let whole = 0;
  const sums = new Float64Array(columns * rows);
  eachRow(a, b, (values, y) => {
    whole += sumOf(values, 0, mapWidth);
    for (let row = 0; row < rows; row += 1) {
      if (y < down[row]![0] || y >= down[row]![1]) continue;
      for (let column = 0; column < columns; column += 1) {
        sums[row * columns + column]! += sumOf(values, across[column]![0], across[column]![1]);
      }
    }
  });
  whole /= mapWidth * mapHeight;
  const patches = Array.from(sums, (sum, patch) => {
    const [[x1, x2], [y1, y2]] = [across[patch % columns]!, down[Math.floor(patch / columns)]!];
    // A patch smaller than the window has no windows of its own: it is what the picture is.
    return x2 > x1 && y2 > y1 ? sum / ((x2 - x1) * (y2 - y1)) : whole;
  });
  return { whole, patches };
}

/** A window that fits the picture, and at how many places it can stand. */
function mapOf({ width, height }: Pick<GreyPicture, 'width' | 'height'>) {
  const [windowWidth, windowHeight] = [Math.min(WINDOW, width), Math.min(WINDOW, height)];
  return { windowWidth, windowHeight, mapWidth: width - windowWidth + 1, mapHeight: height - windowHeight + 1 };
}

/**
 * Shows the similarity seen through the windows whose upper edge is row y, from left to right; the row is lent. Sums over
 * windows are exact integers, so the order in which they are made does not show. This is where most of the time of a clip
 * without text goes, hence plain loops over plain numbers, and no map of the whole picture.
 */
function eachRow(a: GreyPicture, b: GreyPicture, see: (row: Float64Array, y: number) => void): void {
  const { width } = a;
  const { windowWidth, windowHeight, mapWidth, mapHeight } = mapOf(a);
  const row = new Float64Array(mapWidth);
  const columns = emptyColumns(width);
  for (let y = 0; y < windowHeight; y += 1) addRow(columns, a.grey, b.grey, y * width);
  for (let y = 0; y < mapHeight; y += 1) {
    if (y > 0) moveDown(columns, a.grey, b.grey, { enters: (y + windowHeight - 1) * width, leaves: (y - 1) * width });
    compareRow(columns, windowWidth, windowWidth * windowHeight, row);
    see(row, y);
  }
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

/** One row enters the window below and one leaves it above: both in one walk, since reading is what takes time. */
function moveDown(
  { a, b, squares, products }: ColumnSums,
  greyA: Uint8Array,
  greyB: Uint8Array,
  { enters, leaves }: { enters: number; leaves: number },
): void {
  for (let x = 0; x < a.length; x += 1) {
    const va = greyA[enters + x]!;
    const vb = greyB[enters + x]!;
    const oldA = greyA[leaves + x]!;
    const oldB = greyB[leaves + x]!;
    a[x]! += va - oldA;
    b[x]! += vb - oldB;
    squares[x]! += va * va + vb * vb - oldA * oldA - oldB * oldB;
    products[x]! += va * vb - oldA * oldB;
  }
}

/** Slides the window along a row and writes the similarity seen through it at each place. */
function compareRow(columns: ColumnSums, windowWidth: number, n: number, values: Float64Array): void {
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
    values[x] = ((2 * product + C1) * (2 * covariance + C2)) / ((means + C1) * (variances + C2));
    sumA -= a[x]!;
    sumB -= b[x]!;
    sumSquares -= squares[x]!;
    sumProducts -= products[x]!;
  }
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) sum += values[at]!;
  return sum;
}
