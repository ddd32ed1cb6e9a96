// Kernels over one picture in linear memory, compiled to frame.wasm by bench/kernels/compile.ts. Every function takes
// byte offsets; none allocates. A plane is rows of bytes without padding.

const BLOCK: usize = 8;

/**
 * The plane's 3x3 Laplacian [0 1 0; 1 -4 1; 0 1 0] with borders mirrored about the edge pixel (OpenCV's default,
 * reflect-101). Writes the sum and the sum of squares over all pixels to `sums` as two f64, both exact integers.
 */
export function laplacianSums(plane: usize, width: i32, height: i32, sums: usize): void {
  let sum: i64 = 0;
  let squares: i64 = 0;
  for (let y = 0; y < height; y++) {
    const row = plane + <usize>y * width;
    const above = y > 0 ? row - width : height > 1 ? row + width : row;
    const below = y < height - 1 ? row + width : height > 1 ? row - width : row;

    // The scalar form takes the left edge here, and below what is left at the right end.
    const edge = scalarLaplacian(row, above, below, 0, width);
    sum += edge;
    squares += edge * edge;
    let x = 1;
    while (x + 8 < width) {
      // 512 steps keep each 32-bit lane of squares below 512 * 2 * 1020^2 < 2^31.
      const end = min(width - 8, x + 512 * 8);
      let lanes = i32x4.splat(0);
      let squareLanes = i32x4.splat(0);
      for (; x < end; x += 8) {
        const at = row + x;
        const cross = i16x8.add(
          i16x8.add(v128.load8x8_u(above + x), v128.load8x8_u(below + x)),
          i16x8.add(v128.load8x8_u(at - 1), v128.load8x8_u(at + 1)),
        );
        const value = i16x8.sub(cross, i16x8.shl(v128.load8x8_u(at), 2));
        lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_s(value));
        squareLanes = i32x4.add(squareLanes, i32x4.dot_i16x8_s(value, value));
      }
      sum += sumLanes(lanes);
      squares += sumLanes(squareLanes);
    }
    for (; x < width; x++) {
      const value = scalarLaplacian(row, above, below, x, width);
      sum += value;
      squares += value * value;
    }
  }
  store<f64>(sums, <f64>sum);
  store<f64>(sums + 8, <f64>squares);
}

// @ts-ignore: decorator
@inline
function scalarLaplacian(row: usize, above: usize, below: usize, x: i32, width: i32): i64 {
  const left = x > 0 ? x - 1 : width > 1 ? 1 : 0;
  const right = x < width - 1 ? x + 1 : width > 1 ? width - 2 : 0;
  return (
    <i64>load<u8>(above + x) + load<u8>(below + x) + load<u8>(row + left) + load<u8>(row + right) -
    4 * <i64>load<u8>(row + x)
  );
}

// @ts-ignore: decorator
@inline
function sumLanes(lanes: v128): i64 {
  return (
    <i64>i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

/**
 * One horizontal pass of a resampling filter: every row of `plane` becomes `columns` bytes at `out`. `spans` holds two
 * i32 for each column: the first pixel and the number of taps, a multiple of 8 whose excess taps are zero; up to 7 bytes
 * after a row are read and multiplied by zero. A weight is the integer high * 1024 + low with 0 <= low < 1024, scaled by
 * 2^22; `weights` holds for each column, in groups of 8 taps, 8 highs and then 8 lows as i16. Split so, a weight of 22 bits
 * goes through the 16-bit multiply-add and the sum stays exact.
 */
export function resampleRows(
  plane: usize, width: i32, height: i32, spans: usize, weights: usize, columns: i32, out: usize,
): void {
  for (let y = 0; y < height; y++) {
    const row = plane + <usize>y * width;
    let weight = weights;
    for (let column = 0; column < columns; column++) {
      const span = spans + (<usize>column << 3);
      let at = row + load<i32>(span);
      const end = at + load<i32>(span, 4);
      let highs = i32x4.splat(0);
      let lows = i32x4.splat(0);
      for (; at < end; at += BLOCK) {
        const pixels = v128.load8x8_u(at);
        highs = i32x4.add(highs, i32x4.dot_i16x8_s(pixels, v128.load(weight)));
        lows = i32x4.add(lows, i32x4.dot_i16x8_s(pixels, v128.load(weight, 16)));
        weight += 32;
      }
      const total = i32x4.add(i32x4.shl(highs, 10), lows);
      const value = <i32>sumLanes(total);
      store<u8>(out++, <u8>min(max((value + (1 << 21)) >> 22, 0), 255));
    }
  }
}

/**
 * The vertical pass over a plane that is `width` wide, a multiple of 4: `spans` as above, counting rows, without the
 * rounding up; `weights` are i32 scaled by 2^22.
 */
export function resampleColumns(
  plane: usize, width: i32, spans: usize, weights: usize, rows: i32, out: usize,
): void {
  let rowWeights = weights;
  for (let row = 0; row < rows; row++) {
    const span = spans + (<usize>row << 3);
    const first = plane + <usize>load<i32>(span) * width;
    const taps = load<i32>(span, 4);
    for (let x = 0; x < width; x += 4) {
      let total = i32x4.splat(1 << 21);
      let at = first + x;
      for (let tap = 0; tap < taps; tap++, at += width) {
        const pixels = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
        total = i32x4.add(total, i32x4.mul(pixels, v128.load32_splat(rowWeights + (<usize>tap << 2))));
      }
      const values = i32x4.shr_s(total, 22);
      const words = i16x8.narrow_i32x4_s(values, values);
      v128.store32_lane(out + x, i8x16.narrow_i16x8_u(words, words), 0);
    }
    out += width;
    rowWeights += <usize>taps << 2;
  }
}

/**
 * Luma to full range and another matrix, from planes with chroma at half size (4:2:0): for each pixel
 * (scale * (Y - floor) + fromBlue * (Cb - 128) + fromRed * (Cr - 128)) / 2^13, rounded. In place when `out` is `luma`.
 */
export function convertLuma(
  luma: usize, blue: usize, red: usize, width: i32, height: i32, out: usize,
  floor: i32, scale: i32, fromBlue: i32, fromRed: i32,
): void {
  const chromaWidth = (width + 1) >> 1;
  const usesChroma = fromBlue != 0 || fromRed != 0;
  for (let y = 0; y < height; y++) {
    const row = <usize>y * width;
    const chromaRow = <usize>(y >> 1) * chromaWidth;
    let x = 0;
    for (; x + 16 <= width; x += 16) {
      const pixels = v128.load(luma + row + x);
      const floors = i16x8.splat(<i16>floor);
      const left = i16x8.sub(i16x8.extend_low_i8x16_u(pixels), floors);
      const right = i16x8.sub(i16x8.extend_high_i8x16_u(pixels), floors);
      const scales = i16x8.splat(<i16>scale);
      const half = i32x4.splat(1 << 12);
      let a = i32x4.add(i32x4.extmul_low_i16x8_s(left, scales), half);
      let b = i32x4.add(i32x4.extmul_high_i16x8_s(left, scales), half);
      let c = i32x4.add(i32x4.extmul_low_i16x8_s(right, scales), half);
      let d = i32x4.add(i32x4.extmul_high_i16x8_s(right, scales), half);
      if (usesChroma) {
        const middle = i16x8.splat(128);
        const chroma = chromaRow + (x >> 1);
        const blues = i16x8.sub(v128.load8x8_u(blue + chroma), middle);
        const reds = i16x8.sub(v128.load8x8_u(red + chroma), middle);
        const blueWeight = i16x8.splat(<i16>fromBlue);
        const redWeight = i16x8.splat(<i16>fromRed);
        // Four chroma sums serve eight pixels: each is given to a pair.
        const low = i32x4.add(
          i32x4.extmul_low_i16x8_s(blues, blueWeight), i32x4.extmul_low_i16x8_s(reds, redWeight),
        );
        const high = i32x4.add(
          i32x4.extmul_high_i16x8_s(blues, blueWeight), i32x4.extmul_high_i16x8_s(reds, redWeight),
        );
        a = i32x4.add(a, i32x4.shuffle(low, low, 0, 0, 1, 1));
        b = i32x4.add(b, i32x4.shuffle(low, low, 2, 2, 3, 3));
        c = i32x4.add(c, i32x4.shuffle(high, high, 0, 0, 1, 1));
        d = i32x4.add(d, i32x4.shuffle(high, high, 2, 2, 3, 3));
      }
      const first = i16x8.narrow_i32x4_s(i32x4.shr_s(a, 13), i32x4.shr_s(b, 13));
      const second = i16x8.narrow_i32x4_s(i32x4.shr_s(c, 13), i32x4.shr_s(d, 13));
      v128.store(out + row + x, i8x16.narrow_i16x8_u(first, second));
    }
    for (; x < width; x++) {
      const chroma = chromaRow + (x >> 1);
      const value =
        scale * (<i32>load<u8>(luma + row + x) - floor) +
        fromBlue * (<i32>load<u8>(blue + chroma) - 128) +
        fromRed * (<i32>load<u8>(red + chroma) - 128);
      store<u8>(out + row + x, <u8>min(max((value + (1 << 12)) >> 13, 0), 255));
    }
  }
}

/**
 * Both chroma planes to another range and matrix, in place: each is centred on 128 and
 * (own * itself + other * the other one) / 2^13, rounded.
 */
export function convertChroma(
  blue: usize, red: usize, length: i32,
  blueFromBlue: i32, blueFromRed: i32, redFromBlue: i32, redFromRed: i32,
): void {
  for (let at = 0; at < length; at++) {
    const b = <i32>load<u8>(blue + at) - 128;
    const r = <i32>load<u8>(red + at) - 128;
    store<u8>(blue + at, mixed(blueFromBlue * b + blueFromRed * r));
    store<u8>(red + at, mixed(redFromBlue * b + redFromRed * r));
  }
}

// @ts-ignore: decorator
@inline
function mixed(value: i32): u8 {
  return <u8>min(max(((value + (1 << 12)) >> 13) + 128, 0), 255);
}
