import type { ModelDescription, ModelOutput } from '../../models.ts';
import type { TensorShape } from '../../session.ts';
import type { Head } from './head.ts';
import { rawYoloHead } from './raw-yolo.ts';

/** YOLOv8, v9 and YOLO11: [1, 4 + classes, N] of cx, cy, w, h, class scores. */
export function yoloV8Head(
  model: ModelDescription,
  output: Extract<ModelOutput, { kind: 'yolo-v8' }>,
  outputs: readonly TensorShape[],
): Head {
  return rawYoloHead(model, output, outputs, { boxesFirst: output.transposed, hasObjectness: false });
}
