import { describe, expect, it } from 'vitest';
import type { Rgb } from '#media/scenes/colour';
import { drawFrame } from '#media/scenes/draw-frame';
import type { Part } from '#media/scenes/mesh';
import { type Actor, type Scene, worksiteScene } from '#media/scenes/scene';

const SIZE = { width: 320, height: 200 };
const CROWD = { people: 4, vehicles: 3, cones: 4, props: 3 };

describe('a truth box', () => {
  it.each(['vehicle', 'cone', 'person'] as const)('is tight around the pixels that a %s has painted', (label) => {
    let checked = 0;
    for (let seed = 0; seed < 25; seed++) {
      const scene = alone(label, seed);
      if (!scene) continue;
      const plain = drawFrame(scene, 0);
      const other = drawFrame(recoloured(scene), 0);
      const [found] = plain.truth;
      if (!found) continue;
      checked++;
      const [x, y, width, height] = found.box;
      const box = { left: x, top: y, right: x + width, bottom: y + height };
      expectInside(extentOfChange(plain.rgb, other.rgb, MOSTLY), box);
      expectInside(box, extentOfChange(plain.rgb, other.rgb, A_LITTLE));
    }
    expect(checked).toBeGreaterThan(8);
  });

  it('shrinks to what is left to be seen behind something else, and is gone when that is too little', () => {
    const scene = alone('cone', 3) as Scene;
    const camera = { ...scene.camera, horizon: 40, focal: 300, eyeHeight: 3 };
    const cone = { ...scene.actors[0]!, start: { x: 0, z: 12, facing: 0 } };
    const [before] = drawFrame({ ...scene, camera, actors: [cone] }, 0).truth;
    const wall = (x: number): Actor => ({
      label: undefined,
      prop: { parts: [{ faces: [board(x)] }], radius: 1 },
      start: { x: 0, z: 11, facing: 0 },
      speed: 0,
    });
    const [behind] = drawFrame({ ...scene, camera, actors: [cone, wall(0)] }, 0).truth;
    expect(behind!.box[2]).toBeLessThan(before!.box[2]);
    expect(drawFrame({ ...scene, camera, actors: [cone, wall(-2)] }, 0).truth).toEqual([]);
  });
});

/** A scene with one thing in it, if the seed has one of that kind. */
function alone(label: Actor['label'], seed: number): Scene | undefined {
  const scene = worksiteScene(seed, { ...SIZE, crowd: CROWD });
  const actor = scene.actors.find((candidate) => candidate.label === label);
  // Without haze and colour cast, all things change by the same when they are recoloured.
  const light = { ...scene.light, tint: [1, 1, 1] as const, contrast: 0, hazeMetres: 1e9 };
  return actor && { ...scene, light, actors: [actor] };
}

/** The same scene with its things in the opposite colours; shadows and ground stay. */
function recoloured(scene: Scene): Scene {
  return { ...scene, actors: scene.actors.map(inOtherColours) };
}

function inOtherColours(actor: Actor): Actor {
  switch (actor.label) {
    case 'vehicle':
      return { ...actor, vehicle: { ...actor.vehicle, parts: actor.vehicle.parts.map(negativePart) } };
    case 'cone':
      return { ...actor, cone: { ...actor.cone, parts: actor.cone.parts.map(negativePart) } };
    case 'person': {
      const { person } = actor;
      const [skin, hair, jacket, trousers, boots, load] = [
        negative(person.skin),
        negative(person.hair),
        negative(person.jacket),
        negative(person.trousers),
        negative(person.boots),
        negative(person.load),
      ] as const;
      const vest = person.vest && negative(person.vest);
      const helmet = person.helmet && negative(person.helmet);
      return { ...actor, person: { ...person, skin, hair, jacket, trousers, boots, load, vest, helmet } };
    }
    case undefined:
      return actor;
  }
}

function negativePart(part: Part): Part {
  return {
    ...part,
    faces: part.faces.map((face) => ({
      ...face,
      colour: negative(face.colour),
      decals: (face.decals ?? []).map((decal) => ({ ...decal, colour: negative(decal.colour) })),
    })),
  };
}

/** Far away from the colour in every channel, so that no pixel stays as it was. */
function negative(colour: Rgb): Rgb {
  return [(colour[0] + 128) % 256, (colour[1] + 128) % 256, (colour[2] + 128) % 256];
}

type Extent = { left: number; top: number; right: number; bottom: number };

// A recoloured thing changes by up to 3 x 128 a pixel, by 0.7 of that on its shaded sides.
const MOSTLY = 270;
const A_LITTLE = 60;

/** The pixels whose channels differ by `least` together, or more. */
function extentOfChange(a: Uint8Array, b: Uint8Array, least: number): Extent {
  const extent = { left: SIZE.width, top: SIZE.height, right: 0, bottom: 0 };
  for (let pixel = 0; pixel < SIZE.width * SIZE.height; pixel++) {
    const difference = [0, 1, 2].reduce((sum, c) => sum + Math.abs(a[pixel * 3 + c]! - b[pixel * 3 + c]!), 0);
    if (difference < least) continue;
    const [x, y] = [pixel % SIZE.width, Math.floor(pixel / SIZE.width)];
    extent.left = Math.min(extent.left, x);
    extent.top = Math.min(extent.top, y);
    extent.right = Math.max(extent.right, x + 1);
    extent.bottom = Math.max(extent.bottom, y + 1);
  }
  return extent;
}

function expectInside(inner: Extent, outer: Extent): void {
  expect(inner.left).toBeGreaterThanOrEqual(outer.left);
  expect(inner.top).toBeGreaterThanOrEqual(outer.top);
  expect(inner.right).toBeLessThanOrEqual(outer.right);
  expect(inner.bottom).toBeLessThanOrEqual(outer.bottom);
}

/** An upright board 4 m wide, whose left edge stands at x. */
function board(x: number) {
  return {
    points: [
      [x, 0, 0],
      [x + 4, 0, 0],
      [x + 4, 2, 0],
      [x, 2, 0],
    ] as [number, number, number][],
    colour: [90, 90, 90] as const,
  };
}
