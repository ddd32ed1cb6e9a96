import { cornersOfCentre } from '#annotation/boxes';
import type { Candidate } from '#annotation/detections';
import type { ModelDescription } from '../../models.ts';
import type { TensorShape } from '../../session.ts';
import { assertShape, finiteNumbers, tensorNamed } from '../tensor-check.ts';
import { type Head, sigmoid } from './head.ts';
import { theOutput } from './the-output.ts';

/** How the raw YOLO heads differ: what one box's numbers are, and how they lie in the tensor. */
export interface RawYoloLayout {
  /** True when one box's numbers lie together, [1, N, values]; false for [1, values, N]. */
  boxesFirst: boolean;
  /** True when a score of "something is here" stands between the box and the class scores. */
  hasObjectness: boolean;
}

interface RawYoloOutput {
  tensor?: string | undefined;
  boxes: 'pixels' | 'normalised';
  activation: 'none' | 'sigmoid';
}

/**
 * A head that gives for each of N places: cx, cy, w, h, [objectness], one score a class. As the authors' own
 * prediction does, a place proposes its best class only.
 */
export function rawYoloHead(
  { input, classes }: Pick<ModelDescription, 'input' | 'classes'>,
  output: RawYoloOutput,
  outputs: readonly TensorShape[],
  { boxesFirst, hasObjectness }: RawYoloLayout,
): Head {
  const firstClass = hasObjectness ? 5 : 4;
  const values = firstClass + classes.length;
  const name = theOutput(outputs, output.tensor);
  const expected = boxesFirst ? [1, undefined, values] : [1, values, undefined];
  const remedy = `${classes.length} classes take ${values} values a box: correct the classes, the kind or "transposed" in model.json.`;
  assertShape(`the output ${name}`, tensorNamed(outputs, name, 'output').shape, expected, remedy);

  const [unitX, unitY] = output.boxes === 'normalised' ? [input.width, input.height] : [1, 1];
  const probability = output.activation === 'sigmoid' ? sigmoid : (score: number) => score;

  return {
    tensors: [name],
    needsSuppression: true,
    decode(tensors, { confidence, wants }) {
      const tensor = tensors[name]!;
      assertShape(`the output ${name}`, tensor.shape, expected, remedy);
      const numbers = finiteNumbers(name, tensor);
      const count = numbers.length / values;
      const [perBox, perValue] = boxesFirst ? [values, 1] : [1, count];
      const best = bestClasses(numbers, { count, firstClass, classes: classes.length, perBox, perValue });

      const candidates: Candidate[] = [];
      for (let box = 0; box < count; box += 1) {
        const at = box * perBox;
        const objectness = hasObjectness ? probability(numbers[at + 4 * perValue]!) : 1;
        const score = objectness * probability(best.score[box]!);
        const classIndex = best.classIndex[box]!;
        if (score < confidence || !wants(classIndex)) continue;
        const corners = cornersOfCentre(
          numbers[at]! * unitX,
          numbers[at + perValue]! * unitY,
          numbers[at + 2 * perValue]! * unitX,
          numbers[at + 3 * perValue]! * unitY,
        );
        candidates.push({ corners, score, classIndex });
      }
      return candidates;
    },
  };
}

interface ScoreLayout {
  count: number;
  firstClass: number;
  classes: number;
  perBox: number;
  perValue: number;
}

/** The best class of each box and its raw score; the lower class index wins a tie. */
function bestClasses(
  numbers: Float32Array,
  { count, firstClass, classes, perBox, perValue }: ScoreLayout,
): { score: Float32Array; classIndex: Int32Array } {
  const score = new Float32Array(count).fill(Number.NEGATIVE_INFINITY);
  const classIndex = new Int32Array(count);
  // Class by class, because in the usual [values, N] layout the scores of one class lie together.
  for (let index = 0; index < classes; index += 1) {
    const from = (firstClass + index) * perValue;
    for (let box = 0; box < count; box += 1) {
      const found = numbers[from + box * perBox]!;
      if (found > score[box]!) {
        score[box] = found;
        classIndex[box] = index;
      }
    }
  }
  return { score, classIndex };
}
