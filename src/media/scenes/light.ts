import { mix, type Rgb } from './colour.ts';
import type { Random } from './random.ts';

export type Light = {
  kind: 'noon' | 'overcast' | 'dusk' | 'haze';
  /** Metres that a shadow falls to the right, and away from the camera, for each metre of height. */
  shadowX: number;
  shadowZ: number;
  shadowAlpha: number;
  /** How much brighter faces towards the sun are than faces away from it. */
  contrast: number;
  skyTop: Rgb;
  skyBottom: Rgb;
  /** Colour cast and exposure, one factor a channel. */
  tint: Rgb;
  /** Metres after which half of a thing's colour is the sky's. */
  hazeMetres: number;
};

export function inventLight(random: Random): Light {
  const kind = random.pick(['noon', 'noon', 'overcast', 'overcast', 'dusk', 'haze'] as const);
  const side = random.chance(0.5) ? 1 : -1;
  const exposure = random.range(0.85, 1.15);
  const grey = random.range(150, 215);
  switch (kind) {
    case 'noon':
      return {
        kind,
        shadowX: side * random.range(0.2, 0.8),
        shadowZ: random.range(-0.3, 0.5),
        shadowAlpha: random.range(0.35, 0.55),
        contrast: random.range(0.35, 0.5),
        skyTop: [random.range(60, 110), random.range(125, 165), random.range(190, 230)],
        skyBottom: [random.range(180, 215), random.range(205, 230), random.range(225, 245)],
        tint: [exposure * 1.03, exposure, exposure * 0.96],
        hazeMetres: random.range(250, 600),
      };
    case 'overcast':
      return {
        kind,
        shadowX: side * 0.08,
        shadowZ: 0.05,
        shadowAlpha: random.range(0.2, 0.32),
        contrast: random.range(0.12, 0.22),
        skyTop: [grey - 20, grey - 14, grey - 4],
        skyBottom: [grey + 18, grey + 20, grey + 22],
        tint: [exposure * 0.95, exposure * 0.97, exposure],
        hazeMetres: random.range(150, 400),
      };
    case 'dusk':
      return {
        kind,
        shadowX: side * random.range(1.2, 2.2),
        shadowZ: random.range(-0.4, 0.8),
        shadowAlpha: random.range(0.25, 0.45),
        contrast: random.range(0.3, 0.45),
        skyTop: [random.range(60, 100), random.range(70, 100), random.range(120, 150)],
        skyBottom: [random.range(220, 250), random.range(150, 185), random.range(110, 150)],
        tint: [exposure * 0.82, exposure * 0.68, exposure * 0.6],
        hazeMetres: random.range(200, 400),
      };
    case 'haze':
      return {
        kind,
        shadowX: side * 0.3,
        shadowZ: 0.1,
        shadowAlpha: random.range(0.15, 0.25),
        contrast: random.range(0.15, 0.25),
        skyTop: [grey, grey + 4, grey + 6],
        skyBottom: [grey + 22, grey + 22, grey + 20],
        tint: [exposure * 1.02, exposure, exposure * 0.97],
        hazeMetres: random.range(60, 130),
      };
  }
}

/** A colour as it looks from `metres` away: paler and nearer to the sky at the horizon. */
export function atDistance(light: Light, colour: Rgb, metres: number): Rgb {
  return mix(colour, light.skyBottom, metres / (metres + light.hazeMetres));
}
