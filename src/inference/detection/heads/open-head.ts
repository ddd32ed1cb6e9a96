import type { ModelDescription } from '../../models.ts';
import type { TensorShape } from '../../session.ts';
import { detrHead } from './detr.ts';
import type { Head } from './head.ts';
import { yoloNmsFreeHead } from './yolo-nms-free.ts';
import { yoloV5Head } from './yolo-v5.ts';
import { yoloV8Head } from './yolo-v8.ts';

/** The head of the kind that model.json names. @throws ModelError when the model's outputs do not fit it. */
export function openHead(model: ModelDescription, outputs: readonly TensorShape[]): Head {
  const { output } = model;
  switch (output.kind) {
    case 'yolo-v5':
      return yoloV5Head(model, output, outputs);
    case 'yolo-v8':
      return yoloV8Head(model, output, outputs);
    case 'yolo-nms-free':
      return yoloNmsFreeHead(model, output, outputs);
    case 'detr':
      return detrHead(model, output, outputs);
  }
}
