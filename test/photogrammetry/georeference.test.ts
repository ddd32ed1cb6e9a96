import { describe, expect, it } from 'vitest';
import { georeference } from '#photogrammetry/georeference';
import { applySimilarity, fitSimilarity, type Vector } from '#photogrammetry/similarity';
import { aCube } from '../helpers/drawn-model.ts';

const model = aCube();

/** The cube's cameras on the earth: north along the model's x, east along its z, 3 m a unit. */
function placeOf(name: string) {
  const { centre } = model.pictures.find((picture) => picture.name === name)!;
  const metresOfDegree = 111_195;
  return {
    latitude: 48 + (3 * centre[0]) / metresOfDegree,
    longitude: 11 + (3 * centre[2]) / (metresOfDegree * Math.cos((48 * Math.PI) / 180)),
    altitudeMetres: 500,
  };
}

describe('a model laid over the GPS places of its pictures', () => {
  it('has a scale in metres, to the half percent that a sphere and an ellipsoid differ by', () => {
    const earth = georeference(model, placeOf)!;
    expect(earth.pictures).toBe(4);
    expect(Math.abs(earth.metresPerUnit / 3 - 1)).toBeLessThan(0.005);
    expect(earth.medianErrorMetres).toBeLessThan(0.1);
    // The cameras are 10 units apart both ways.
    expect(earth.extentMetres).toBeGreaterThan(40);
  });

  it('is none with fewer than four places: any scale would fit', () => {
    expect(georeference(model, (name) => (name.includes('30') ? undefined : placeOf(name)))).toBeUndefined();
  });
});

describe('the similarity of two sets of points', () => {
  it('is found whatever it is: turned, scaled, moved', () => {
    const from: Vector[] = [
      [0, 0, 0],
      [1, 0, 0],
      [0, 2, 0],
      [0, 0, 3],
      [1, 1, 1],
    ];
    const to = from.map(([x, y, z]): Vector => [2 * y + 5, -2 * x - 1, 2 * z + 7]);
    const found = fitSimilarity(from, to);
    expect(found.scale).toBeCloseTo(2, 9);
    for (const [at, point] of from.entries()) {
      for (const [axis, value] of applySimilarity(found, point).entries()) expect(value).toBeCloseTo(to[at]![axis]!, 9);
    }
  });
});
