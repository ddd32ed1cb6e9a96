import type { ModelDescription, ModelOutput } from '../../models.ts';
import type { TensorShape } from '../../session.ts';
import type { Head } from './head.ts';
import { rawYoloHead } from './raw-yolo.ts';

/** YOLOv5 (and v6, v7): [1, N, 5 + classes] of cx, cy, w, h, objectness, class scores; score = objectness * class. */
export function yoloV5Head(
  model: ModelDescription,
  output: Extract<ModelOutput, { kind: 'yolo-v5' }>,
  outputs: readonly TensorShape[],
): Head {
  return rawYoloHead(model, output, outputs, { boxesFirst: !output.transposed, hasObjectness: true });
}
