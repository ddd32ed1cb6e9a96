import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Corners } from '#annotation/boxes';
import { type Placement, readPicture, toPicture } from '#inference/detection/picture';
import { testFolder } from '../../helpers/folder.ts';
import { drawPicture, INPUT } from '../../helpers/onnx-folder.ts';

const side = fc.integer({ min: 8, max: 400 });

/** Where a box of the picture lies in the model's input. */
function toInput([x1, y1, x2, y2]: Corners, { scaleX, scaleY, padX, padY }: Placement): Corners {
  return [x1 * scaleX + padX, y1 * scaleY + padY, x2 * scaleX + padX, y2 * scaleY + padY];
}

describe('readPicture and toPicture', () => {
  it.each(['letterbox', 'stretch'] as const)('go there and back by %s, for any shape of picture', async (resize) => {
    const folder = await testFolder();
    await fc.assert(
      fc.asyncProperty(side, side, async (width, height) => {
        const path = await drawPicture(join(folder, 'p.png'), { width, height, color: [255, 0, 0] });
        const picture = await readPicture(path, { ...INPUT, resize });
        expect(picture).toMatchObject({ width, height });
        const whole: Corners = [0, 0, width, height];
        const placed = toInput(whole, picture);
        for (const [at, edge] of toPicture(placed, picture).entries()) expect(edge).toBeCloseTo(whole[at]!, 6);
        // The picture is where the placement says, to the pixel: red inside, grey around it.
        for (let y = 0; y < INPUT.height; y += 1) {
          for (let x = 0; x < INPUT.width; x += 1) {
            const [left, top, right, bottom] = placed;
            const inside =
              x >= Math.round(left) && x < Math.round(right) && y >= Math.round(top) && y < Math.round(bottom);
            const red = picture.rgb[(y * INPUT.width + x) * 3] === 255;
            if (red !== inside)
              throw new Error(`${width}x${height}: expected ${inside ? 'red' : 'grey'} at ${x}, ${y}`);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
