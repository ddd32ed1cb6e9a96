/** Colour as ffmpeg names it for a decoded 4:2:0 frame. */
export interface FrameColour {
  /** `full` 0-255, or `limited` 16-235 for luma. */
  range: 'full' | 'limited';
  /** ffmpeg's name of the matrix: bt709, smpte170m, bt2020nc, unknown, … */
  matrix: string;
}

/**
 * How a frame becomes what a JPEG holds, full-range BT.601: integer weights over 2^13, for centred chroma and for luma
 * less `floor`.
 */
export interface ColourConversion {
  floor: number;
  luma: number;
  lumaFromBlue: number;
  lumaFromRed: number;
  blueFromBlue: number;
  blueFromRed: number;
  redFromBlue: number;
  redFromRed: number;
}

// Weights of red and blue in luma (ITU-T H.273, table 4). Frames that say nothing count as BT.601, as ffmpeg takes them.
const BT601 = { red: 0.299, blue: 0.114 };
const MATRICES: Record<string, { red: number; blue: number }> = {
  bt709: { red: 0.2126, blue: 0.0722 },
  fcc: { red: 0.3, blue: 0.11 },
  smpte240m: { red: 0.212, blue: 0.087 },
  bt2020nc: { red: 0.2627, blue: 0.0593 },
  bt2020c: { red: 0.2627, blue: 0.0593 },
};

const UNIT = 2 ** 13;

/** The conversion for frames of this colour, or undefined where they are full-range BT.601 already. */
export function conversionToJpeg({ range, matrix }: FrameColour): ColourConversion | undefined {
  const from = MATRICES[matrix];
  if (range === 'full' && !from) return undefined;
  const { red, blue } = from ?? BT601;
  const green = 1 - red - blue;
  const lumaScale = range === 'full' ? 1 : 255 / 219;
  const chromaScale = range === 'full' ? 1 : 255 / 224;
  // For a grey of 0 and one unit of chroma: R = 2 (1 - red) Cr, B = 2 (1 - blue) Cb, G makes luma 0.
  const fromBlue = toBt601({ r: 0, g: (-2 * blue * (1 - blue)) / green, b: 2 * (1 - blue) });
  const fromRed = toBt601({ r: 2 * (1 - red), g: (-2 * red * (1 - red)) / green, b: 0 });
  const weight = (value: number) => Math.round(value * chromaScale * UNIT);
  return {
    floor: range === 'full' ? 0 : 16,
    luma: Math.round(lumaScale * UNIT),
    lumaFromBlue: weight(fromBlue.luma),
    lumaFromRed: weight(fromRed.luma),
    blueFromBlue: weight(fromBlue.blue),
    blueFromRed: weight(fromRed.blue),
    redFromBlue: weight(fromBlue.red),
    redFromRed: weight(fromRed.red),
  };
}

function toBt601({ r, g, b }: { r: number; g: number; b: number }): { luma: number; blue: number; red: number } {
  const luma = BT601.red * r + (1 - BT601.red - BT601.blue) * g + BT601.blue * b;
  return { luma, blue: (b - luma) / (2 * (1 - BT601.blue)), red: (r - luma) / (2 * (1 - BT601.red)) };
}
