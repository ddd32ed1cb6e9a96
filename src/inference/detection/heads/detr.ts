import { cornersOfCentre } from '#annotation/boxes';
import type { Candidate } from '#annotation/detections';
import { bestFirst } from '#annotation/nms';
import type { ModelDescription, ModelOutput } from '../../models.ts';
import type { TensorShape } from '../../session.ts';
import { assertShape, finiteNumbers, tensorNamed } from '../tensor-check.ts';
import { type Head, sigmoid } from './head.ts';

/**
 * The DETR family: logits [1, Q, classes (+ 1)] and boxes [1, Q, 4] as cx, cy, w, h from 0 to 1.
 *
 * `softmax` (DETR, YOLOS, Table Transformer): the last logit means "no object", a query proposes its best class.
 * `sigmoid` (Deformable and RT-DETR, D-FINE): each class stands alone, and the Q best pairs of query and class are
 * proposed, so that one query may stand for two classes.
 */
export function detrHead(
  { input, classes }: ModelDescription,
  output: Extract<ModelOutput, { kind: 'detr' }>,
  outputs: readonly TensorShape[],
): Head {
  const { logits, boxes, activation } = output;
  const columns = classes.length + (activation === 'softmax' ? 1 : 0);
  const assertShapes = (ofLogits: readonly (number | string)[], ofBoxes: readonly (number | string)[]) => {
    const queries = typeof ofLogits[1] === 'number' ? ofLogits[1] : undefined;
    assertShape(`the output ${logits}`, ofLogits, [1, undefined, columns], REMEDY[activation]);
    assertShape(`the output ${boxes}`, ofBoxes, [1, queries, 4], 'Name the output of the boxes in model.json.');
  };
  assertShapes(tensorNamed(outputs, logits, 'output').shape, tensorNamed(outputs, boxes, 'output').shape);

  return {
    tensors: [logits, boxes],
    needsSuppression: false,
    decode(tensors, { confidence, wants }) {
      assertShapes(tensors[logits]!.shape, tensors[boxes]!.shape);
      const scores = finiteNumbers(logits, tensors[logits]!);
      const places = finiteNumbers(boxes, tensors[boxes]!);
      const pairs = activation === 'softmax' ? bestByQuery(scores, columns) : bestPairs(scores, columns);
      return pairs
        .filter(({ score, classIndex }) => score >= confidence && wants(classIndex))
        .map(({ query, score, classIndex }): Candidate => {
          const [cx, cy, width, height] = places.subarray(query * 4, query * 4 + 4) as unknown as Place;
          const { width: unitX, height: unitY } = input;
          return { corners: cornersOfCentre(cx * unitX, cy * unitY, width * unitX, height * unitY), score, classIndex };
        });
    },
  };
}

const REMEDY = {
  softmax: 'With softmax there is one logit a class and one for "no object": correct the classes or the activation.',
  sigmoid: 'With sigmoid there is one logit a class: correct the classes or the activation in model.json.',
} as const;

type Place = [cx: number, cy: number, width: number, height: number];

interface Pair {
  query: number;
  classIndex: number;
  score: number;
}

function bestByQuery(logits: Float32Array, columns: number): Pair[] {
  return Array.from({ length: logits.length / columns }, (_, query) => {
    const row = logits.subarray(query * columns, (query + 1) * columns);
    const ofClasses = row.subarray(0, -1);
    const best = ofClasses.reduce((a, b) => Math.max(a, b));
    const highest = Math.max(best, row.at(-1)!);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - highest), 0);
    return { query, classIndex: ofClasses.indexOf(best), score: Math.exp(best - highest) / sum };
  });
}

function bestPairs(logits: Float32Array, columns: number): Pair[] {
  const pairs = Array.from(logits, (logit, at) => ({
    query: Math.floor(at / columns),
    classIndex: at % columns,
    score: sigmoid(logit),
  }));
  return bestFirst(pairs).slice(0, logits.length / columns);
}
