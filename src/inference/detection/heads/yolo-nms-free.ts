import type { Candidate } from '#annotation/detections';
import { ModelError } from '#core/errors';
import type { ModelDescription, ModelOutput } from '../../models.ts';
import type { TensorShape } from '../../session.ts';
import { assertShape, finiteNumbers, tensorNamed } from '../tensor-check.ts';
import type { Head } from './head.ts';
import { theOutput } from './the-output.ts';

const VALUES = 6;
const REMEDY = 'A head without NMS has 6 values a box (x1, y1, x2, y2, score, class): correct the kind in model.json.';

/** YOLOv10, YOLO26 and exports with NMS inside: [1, N, 6] of x1, y1, x2, y2, score, class index. */
export function yoloNmsFreeHead(
  { input, classes }: ModelDescription,
  output: Extract<ModelOutput, { kind: 'yolo-nms-free' }>,
  outputs: readonly TensorShape[],
): Head {
  const name = theOutput(outputs, output.tensor);
  const expected = [1, undefined, VALUES];
  assertShape(`the output ${name}`, tensorNamed(outputs, name, 'output').shape, expected, REMEDY);
  const [unitX, unitY] = output.boxes === 'normalised' ? [input.width, input.height] : [1, 1];

  return {
    tensors: [name],
    needsSuppression: false,
    decode(tensors, { confidence, wants }) {
      const tensor = tensors[name]!;
      assertShape(`the output ${name}`, tensor.shape, expected, REMEDY);
      const numbers = finiteNumbers(name, tensor);
      const candidates: Candidate[] = [];
      for (let at = 0; at < numbers.length; at += VALUES) {
        const [x1, y1, x2, y2, score, classIndex] = numbers.subarray(at, at + VALUES) as unknown as Row;
        assertClass(name, classIndex, classes.length);
        if (score < confidence || !wants(classIndex)) continue;
        candidates.push({ corners: [x1 * unitX, y1 * unitY, x2 * unitX, y2 * unitY], score, classIndex });
      }
      return candidates;
    },
  };
}

type Row = [x1: number, y1: number, x2: number, y2: number, score: number, classIndex: number];

function assertClass(name: string, classIndex: number, count: number): void {
  if (Number.isInteger(classIndex) && classIndex >= 0 && classIndex < count) return;
  throw new ModelError(
    `Expected class indices from 0 to ${count - 1} in the output ${name}, found ${classIndex}. ` +
      'Correct the classes in model.json.',
  );
}
