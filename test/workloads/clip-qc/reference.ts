import { readFileSync } from 'node:fs';

interface Drawn {
  index: number;
  width: number;
  height: number;
}

interface Reference {
  pairs: (Drawn & { change: number; ssim: number; patches: number[]; mae: number; histogramCorrelation: number })[];
  smallPictures: (Drawn & { change: number; ssim: number })[];
  resized: (Drawn & { to: [width: number, height: number]; pixels: number[] })[];
  edits: { from: string; to: string; distance: number }[];
  statistics: { values: number[]; mean: number; max: number; variance: number; std: number }[];
}

/** What testdata/reference.py computed with numpy, scikit-image, OpenCV and RapidFuzz. */
export const reference: Reference = JSON.parse(
  readFileSync(new URL('testdata/reference.json', import.meta.url), 'utf8'),
);
