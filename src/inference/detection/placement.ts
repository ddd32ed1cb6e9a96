import type { Corners } from '#annotation/boxes';
import type { Size } from '#media/images';
import type { ModelInput } from '../models.ts';

/** Where in the model's input a picture stands: input pixels = image pixels * scale + pad. */
export interface Placement {
  scaleX: number;
  scaleY: number;
  padX: number;
  padY: number;
  /** The picture's size in pixels of the input. */
  inner: Size;
}

/** How model.json wants a picture of this size resized. */
export function placementOf(image: Size, { width, height, resize }: Pick<ModelInput, 'width' | 'height' | 'resize'>) {
  return resize === 'stretch' ? stretch(image, { width, height }) : letterbox(image, { width, height });
}

function stretch(image: Size, box: Size): Placement {
  return { scaleX: box.width / image.width, scaleY: box.height / image.height, padX: 0, padY: 0, inner: box };
}

/** Scaled to fit with its shape kept, in the middle. */
function letterbox(image: Size, box: Size): Placement {
  const scale = Math.min(box.width / image.width, box.height / image.height);
  const inner = {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
  // An odd remainder puts the larger half below and right, as the YOLO families were trained.
  const padX = Math.floor((box.width - inner.width) / 2);
  const padY = Math.floor((box.height - inner.height) / 2);
  return { scaleX: scale, scaleY: scale, padX, padY, inner };
}

/** Corners in pixels of the model's input, in pixels of the picture; they may lie outside of it. */
export function toPicture([x1, y1, x2, y2]: Corners, { scaleX, scaleY, padX, padY }: Placement): Corners {
  return [(x1 - padX) / scaleX, (y1 - padY) / scaleY, (x2 - padX) / scaleX, (y2 - padY) / scaleY];
}
