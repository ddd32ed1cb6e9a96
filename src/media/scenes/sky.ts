import { type Brush, fillPolygon } from './canvas.ts';
import type { View } from './mesh.ts';
import { valueNoise } from './noise.ts';
import type { Random } from './random.ts';

/** A gradient down to the horizon, with clouds unless the air is hazy. */
export function drawSky(brush: Brush, { camera, light }: View, random: Random): void {
  const { width } = camera;
  const horizon = Math.max(1, camera.horizon + 1);
  fillPolygon(brush, [0, -1, width, -1, width, horizon, 0, horizon], { colour: light.skyTop, to: light.skyBottom });
  if (light.kind === 'haze') return;
  const seed = random.int(0, 1e6);
  const { rgb } = brush.canvas;
  for (let row = 0; row < Math.min(horizon, camera.height); row++) {
    for (let column = 0; column < width; column++) {
      const cloud =
        valueNoise((column / width) * 6, (row / width) * 18, seed) * 0.7 +
        valueNoise((column / width) * 17, (row / width) * 44, seed + 1) * 0.3;
      const share = Math.max(0, cloud - 0.55) * 1.3;
      const byte = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        rgb[byte + channel] =
          rgb[byte + channel]! + (light.skyBottom[channel]! * 1.02 - rgb[byte + channel]!) * Math.min(1, share);
      }
    }
  }
}
