// Kernels that bring one decoded picture to a model's input, compiled to picture.wasm by bench/kernels/compile.ts. Every
// function takes byte offsets; none allocates. A picture is rows of R G B bytes without padding.

/** The bits of a filter weight: 255 * 2^14 leaves room for any sum in 32 bits, and a weight of 1 fits into 16. */
const WEIGHT_BITS: i32 = 14;
const HALF: i32 = 1 << (WEIGHT_BITS - 1);

/**
 * Resamples a picture whose rows are `stride` bytes long to `columns` x `rows` pixels at `out`, line by line: first down,
 * into `line`, then across. Either way `spans` holds two i32 for each output, the first row or column that counts and how
 * many pairs of taps follow; `weights` holds all taps one after the other as i16 scaled by 2^14, a pair's excess being zero.
 * One row behind the picture may be read, and up to 16 bytes behind everything be read or written.
 */
export function resample(
  picture: usize, stride: i32, rowSpans: usize, rowWeights: usize, rows: i32,
  columnSpans: usize, columnWeights: usize, columns: i32, line: usize, out: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const pairs = load<i32>(rowSpans, 4);
    down(picture + <usize>load<i32>(rowSpans) * stride, stride, rowWeights, pairs, line);
    across(line, columnSpans, columnWeights, columns, out);
    rowSpans += 8;
    rowWeights += <usize>pairs << 2;
    out += columns * 3;
  }
}

/** The weighted sum of `pairs` pairs of rows. */
function down(first: usize, stride: i32, weights: usize, pairs: i32, line: usize): void {
  const end = weights + (<usize>pairs << 2);
  for (let x = 0; x < stride; x += 16) {
    let a = i32x4.splat(HALF);
    let b = i32x4.splat(HALF);
    let c = i32x4.splat(HALF);
    let d = i32x4.splat(HALF);
    let at = first + x;
    for (let weight = weights; weight < end; weight += 4, at += 2 * stride) {
      const upper = v128.load(at);
      const lower = v128.load(at + stride);
      const left = i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const right = i8x16.shuffle(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const both = v128.load32_splat(weight);
      a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(left), both));
      b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(left), both));
      c = i32x4.add(c, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(right), both));
      d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(right), both));
    }
    const left = i16x8.narrow_i32x4_s(i32x4.shr_s(a, WEIGHT_BITS), i32x4.shr_s(b, WEIGHT_BITS));
    const right = i16x8.narrow_i32x4_s(i32x4.shr_s(c, WEIGHT_BITS), i32x4.shr_s(d, WEIGHT_BITS));
    v128.store(line + x, i8x16.narrow_i16x8_u(left, right));
  }
}

/** For every column the weighted sum of pairs of pixels. */
function across(line: usize, spans: usize, weights: usize, columns: i32, out: usize): void {
  for (const end = out + columns * 3; out < end; out += 3) {
    let at = line + 3 * load<i32>(spans);
    const last = weights + (<usize>load<i32>(spans, 4) << 2);
    let sums = i32x4.splat(HALF);
    for (; weights < last; weights += 4, at += 6) {
      // The two pixels side by side in each colour, as 16 bits: R0 R1 G0 G1 B0 B1.
      const colors = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
      const both = i8x16.swizzle(v128.load64_zero(at), colors);
      sums = i32x4.add(sums, i32x4.dot_i16x8_s(both, v128.load32_splat(weights)));
    }
    spans += 8;
    const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sums, WEIGHT_BITS), sums);
    v128.store32_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/**
 * Writes every level of a picture as the number level * factor + offset. `red`, `green` and `blue` are where the first
 * pixel's numbers go, the next ones `pixelStep` and `rowStep` bytes on; `factors` holds a factor and an offset for each colour.
 */
export function writeNumbers(
  picture: usize, width: i32, height: i32, red: usize, green: usize, blue: usize,
  pixelStep: i32, rowStep: i32, factors: usize,
): void {
  for (let y = 0; y < height; y++) {
    let at: usize = <usize>y * rowStep;
    let x = 0;
    if (pixelStep == 4) {
      for (; x + 4 <= width; x += 4, picture += 12, at += 16) {
        const pixels = v128.load(picture);
        const reds = i8x16.swizzle(pixels, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
        const greens = i8x16.swizzle(pixels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
        const blues = i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
        writeFour(red + at, reds, factors);
        writeFour(green + at, greens, factors + 8);
        writeFour(blue + at, blues, factors + 16);
      }
    }
    for (; x < width; x++, picture += 3, at += pixelStep) {
      writeOne(red + at, load<u8>(picture), factors);
      writeOne(green + at, load<u8>(picture, 1), factors + 8);
      writeOne(blue + at, load<u8>(picture, 2), factors + 16);
    }
  }
}

// @ts-ignore: decorator
@inline
function writeFour(at: usize, levels: v128, factors: usize): void {
  const scaled = f32x4.mul(f32x4.convert_i32x4_s(levels), v128.load32_splat(factors));
  v128.store(at, f32x4.add(scaled, v128.load32_splat(factors, 4)));
}

// @ts-ignore: decorator
@inline
function writeOne(at: usize, level: u8, factors: usize): void {
  store<f32>(at, <f32>level * load<f32>(factors) + load<f32>(factors, 4));
}
