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
          const strength = cornerStrength(picture, x, y);
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

function cornerStrength({ pixels, width }: Grey, x: number, y: number): number {
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let row = y - REACH; row <= y + REACH; row += 1) {
    for (let at = row * width + x - REACH, end = at + 2 * REACH; at <= end; at += 1) {
      const across = (pixels[at + 1]! - pixels[at - 1]!) / 2;
      const along = (pixels[at + width]! - pixels[at - width]!) / 2;
      xx += across * across;
      xy += across * along;
      yy += along * along;
    }
  }
  return (xx + yy - Math.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / 2;
}
