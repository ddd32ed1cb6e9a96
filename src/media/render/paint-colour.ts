/** A colour on the screen, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Code values of a frame's own colour space and bit depth. */
export interface Paint {
  luma: number;
  blue: number;
  red: number;
}

export interface ColourSpace {
  /** ffmpeg's names. */
  range: string;
  matrix: string;
  transfer: string;
  bitDepth: 8 | 10;
}

// Weights of red and blue in luma (ITU-R H.273, table 4).
const MATRICES: Record<string, readonly [red: number, blue: number]> = {
  bt709: [0.2126, 0.0722],
  smpte240m: [0.212, 0.087],
  fcc: [0.3, 0.11],
  bt2020nc: [0.2627, 0.0593],
  bt2020c: [0.2627, 0.0593],
};
const BT601 = [0.299, 0.114] as const;

// Where the white of text and boxes stands on the scale of an HDR signal: 203 cd/m2 (ITU-R BT.2408).
const REFERENCE_WHITE: Record<string, number> = { smpte2084: 0.58, 'arib-std-b67': 0.75 };

/** What a colour is in frames of this colour space. */
export function paintOf(rgb: Rgb, { range, matrix, transfer, bitDepth }: ColourSpace): Paint {
  const white = REFERENCE_WHITE[transfer] ?? 1;
  const [r, g, b] = rgb.map((value) => (value / 255) * white) as [number, number, number];
  const [kr, kb] = MATRICES[matrix] ?? BT601;
  const luma = kr * r + (1 - kr - kb) * g + kb * b;
  const [blue, red] = [(b - luma) / (2 * (1 - kb)), (r - luma) / (2 * (1 - kr))];
  const unit = 2 ** (bitDepth - 8);
  const code = (value: number) => Math.round(Math.min(255, Math.max(0, value)) * unit);
  if (range === 'pc') return { luma: code(luma * 255), blue: code(128 + blue * 255), red: code(128 + red * 255) };
  return { luma: code(16 + luma * 219), blue: code(128 + blue * 224), red: code(128 + red * 224) };
}
