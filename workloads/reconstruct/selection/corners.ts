/** A grey picture, rows from the top. */
export interface Grey {
  width: number;
  height: number;
  pixels: Uint8Array;
}

// Corners this close to the border leave no room for the window that follows them.
const MARGIN = 6;
const REACH = 2;
// The smaller eigenvalue of the window's gradients, in grey levels squared, summed: below it nothing holds a tracker.
const LEAST_STRENGTH = 1_500;

/**
 * The strongest corner of each cell of a grid, so that they are spread over the picture. @returns x, y of each in turn.
 * Shi and Tomasi, "Good Features to Track" (1994): both eigenvalues of the gradient matrix must be large.
 */
export function findCorners(picture: Grey, cellPixels: number): Float64Array {
  const { width, height } = picture;
  const strengths = cornerStrengths(picture);
  const found: number[] = [];
  for (let top = MARGIN; top < height - MARGIN; top += cellPixels) {
    for (let left = MARGIN; left < width - MARGIN; left += cellPixels) {
      let best = LEAST_STRENGTH;
      let at = -1;
      const bottom = Math.min(height - MARGIN, top + cellPixels);
      const right = Math.min(width - MARGIN, left + cellPixels);
      // Every second pixel: the tracker finds the rest of the way.
      for (let y = top; y < bottom; y += 2) {
        for (let x = left; x < right; x += 2) {
          const strength = strengths(x, y);
          if (strength > best) {
            best = strength;
            at = y * width + x;
          }
        }
      }
      if (at >= 0) found.push(at % width, Math.floor(at / width));
    }
  }
  return Float64Array.from(found);
}

/** The smaller eigenvalue of the gradients in the window around a pixel that is at least MARGIN from the border. */
function cornerStrengths({ pixels, width, height }: Grey): (x: number, y: number) => number {
  // Sums from the corner at the top left, so that a window is four look-ups: Crow, "Summed-Area Tables" (1984). Twice the
  // gradients are whole numbers. The sums may run over 32 bits; what is left of them between the ends of a window does not.
  const [xx, xy, yy] = [0, 1, 2].map(() => new Int32Array(width * height)) as [Sums, Sums, Sums];
  for (let y = 1; y < height - 1; y += 1) {
    let [rowXx, rowXy, rowYy] = [0, 0, 0];
    for (let x = 1, at = y * width + 1; x < width - 1; x += 1, at += 1) {
      const across = pixels[at + 1]! - pixels[at - 1]!;
      const along = pixels[at + width]! - pixels[at - width]!;
      rowXx += across * across;
      rowXy += across * along;
      rowYy += along * along;
      xx[at] = xx[at - width]! + rowXx;
      xy[at] = xy[at - width]! + rowXy;
      yy[at] = yy[at - width]! + rowYy;
    }
  }
  return (x, y) => {
    const bottom = (y + REACH) * width + x + REACH;
    const top = bottom - (2 * REACH + 1) * width;
    const inWindow = (sums: Sums) =>
      ((sums[bottom]! - sums[bottom - 2 * REACH - 1]! - sums[top]! + sums[top - 2 * REACH - 1]!) | 0) / 4;
    const [a, b, c] = [inWindow(xx), inWindow(xy), inWindow(yy)];
    return (a + c - Math.sqrt((a - c) ** 2 + 4 * b * b)) / 2;
  };
}

type Sums = Int32Array;
