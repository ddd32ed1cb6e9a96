export interface GreyPicture {
  width: number;
  height: number;
  grey: Uint8Array;
}

const SIZES = [
  [64, 48],
  [160, 90],
  [97, 131],
  [320, 180],
  [33, 32],
  [31, 200],
  [480, 270],
  [255, 256],
] as const;

/** Draws the grey picture of a number: gradients, boxes, discs and noise, as testdata/reference.py draws it. */
export function drawGrey(index: number): GreyPicture {
  const [width, height] = SIZES[index % SIZES.length]!;
  const next = xorshift(index + 1);
  const below = (end: number) => next() % end;
  const [base, alongX, alongY] = [below(256), below(512) - 256, below(512) - 256];
  const grey = new Uint8Array(width * height);
  paint(grey, width, (x, y) => base + Math.floor((x * alongX) / width) + Math.floor((y * alongY) / height));
  for (let boxes = below(8); boxes > 0; boxes -= 1) {
    const [left, top] = [below(width), below(height)];
    const [right, bottom] = [left + 1 + below(width), top + 1 + below(height)];
    const value = below(256);
    paint(grey, width, (x, y, old) => (x >= left && x < right && y >= top && y < bottom ? value : old));
  }
  for (let discs = below(8); discs > 0; discs -= 1) {
    const [centreX, centreY, radius, value] = [below(width), below(height), 1 + below(width), below(256)];
    const limit = (radius * radius) >> 3;
    paint(grey, width, (x, y, old) => ((x - centreX) ** 2 + (y - centreY) ** 2 < limit ? value : old));
  }
  const amplitude = below(4) * 16;
  if (amplitude > 0) {
    paint(grey, width, (x, y, old) => {
      const mixed = Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(index, 83492791);
      const noise = ((Math.imul(mixed, 2654435761) >>> 8) % (2 * amplitude + 1)) - amplitude;
      return Math.min(255, Math.max(0, old + noise));
    });
  }
  return { width, height, grey };
}

function paint(grey: Uint8Array, width: number, value: (x: number, y: number, old: number) => number): void {
  for (let at = 0; at < grey.length; at += 1) grey[at] = value(at % width, Math.floor(at / width), grey[at]!);
}

function xorshift(seed: number): () => number {
  let state = (Math.imul(seed, 2654435761) + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
