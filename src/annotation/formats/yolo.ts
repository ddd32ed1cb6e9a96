import type { Size } from '../boxes.ts';
import type { Detection } from '../detections.ts';

/** One picture's label file: a line a box, `class cx cy w h`, in fractions of the picture's size; empty when nothing. */
export function yoloLabels(detections: readonly Pick<Detection, 'box' | 'classIndex'>[], size: Size): string {
  return detections.map((detection) => `${yoloLine(detection, size)}\n`).join('');
}

function yoloLine({ box: [x, y, w, h], classIndex }: Pick<Detection, 'box' | 'classIndex'>, { width, height }: Size) {
  const numbers = [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
  return [classIndex, ...numbers.map(fraction)].join(' ');
}

/** Six decimals: a hundredth of a pixel in a picture 10,000 pixels wide. */
function fraction(value: number): string {
  return value.toFixed(6);
}

export interface YoloDataset {
  classes: readonly string[];
  /** For each split, where its pictures are: a folder, or a text file that lists them. `train` and `val` are required. */
  splits: { train: string; val: string; test?: string };
}

/** data.yaml, as the YOLO trainers read it. Strings are written as JSON, which is YAML too. */
export function yoloDataYaml({ classes, splits }: YoloDataset): string {
  const lines = [
    'path: .',
    ...Object.entries(splits).map(([split, place]) => `${split}: ${JSON.stringify(place)}`),
    'names:',
    ...classes.map((name, index) => `  ${index}: ${JSON.stringify(name)}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The label file for a picture file: `images/a.jpg` has its labels in `labels/a.txt`. */
export function yoloLabelName(file: string): string {
  return `${file.replace(/\.[^./]+$/, '')}.txt`;
}
