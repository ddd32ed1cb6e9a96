import { drawBackdrop } from './backdrops.ts';
import { type Brush, type Canvas, createBrush, createCanvas } from './canvas.ts';
import { drawPerson } from './figure.ts';
import { drawGround } from './grounds.ts';
import { develop } from './lens.ts';
import { drawParts, type Placement, type View } from './mesh.ts';
import { randomFrom } from './random.ts';
import { type Actor, backdropsOf, type Scene } from './scene.ts';
import { drawShadow } from './shadows.ts';
import { drawSky } from './sky.ts';
import { type Truth, visibleBox } from './truth.ts';

export type Frame = {
  /** width x height x 3 bytes. */
  rgb: Uint8Array;
  truth: Truth[];
};

/** Draws a scene `seconds` after its start: the picture, and the visible box of every labelled thing in it. */
export function drawFrame(scene: Scene, seconds: number): Frame {
  const background = backgroundOf(scene);
  const canvas = createCanvas(scene.camera.width, scene.camera.height);
  canvas.rgb.set(background);
  const view: View = scene;
  const placed = scene.actors
    .map((actor) => ({ actor, at: placementAt(actor, seconds, scene) }))
    .sort((a, b) => b.at.z - a.at.z);

  const shadowBrush = createBrush(canvas, undefined);
  for (const { actor, at } of placed) drawShadow(shadowBrush, view, silhouette(actor), at);

  const drawn = placed.map(({ actor, at }, index) => {
    const brush = createBrush(canvas, actor.label === undefined ? 0 : index + 1);
    drawActor(brush, view, actor, at, seconds);
    return { label: actor.label, id: index + 1, reach: brush.reach, painted: countOwned(canvas, brush, index + 1) };
  });
  const truth = drawn.flatMap(({ label, ...traces }) => {
    const box = label && visibleBox(canvas, traces);
    return box ? [{ label, box, actor: traces.id }] : [];
  });
  develop(canvas.rgb, scene, seconds);
  return { rgb: canvas.rgb, truth };
}

const backgrounds = new WeakMap<Scene, Uint8Array>();

/** Sky, walls and ground do not move: they are drawn once a scene. */
function backgroundOf(scene: Scene): Uint8Array {
  const cached = backgrounds.get(scene);
  if (cached) return cached;
  const canvas = createCanvas(scene.camera.width, scene.camera.height);
  const brush = createBrush(canvas, undefined);
  const random = randomFrom(`background/${scene.seed}`);
  drawSky(brush, scene, random.fork('sky'));
  drawGround(brush, scene, scene.ground);
  for (const kind of backdropsOf(scene, random)) drawBackdrop(brush, scene, kind, random.fork(kind), scene.palette);
  backgrounds.set(scene, canvas.rgb);
  return canvas.rgb;
}

/** Movers cross the picture and come in again on the other side. */
function placementAt({ start, speed }: Actor, seconds: number, { camera }: Scene): Placement {
  if (speed === 0) return start;
  const half = ((0.5 * camera.width) / camera.focal) * start.z + 5;
  const raw = start.x + speed * seconds + half;
  return { ...start, x: raw - 2 * half * Math.floor(raw / (2 * half)) - half };
}

function drawActor(brush: Brush, view: View, actor: Actor, at: Placement, seconds: number): void {
  switch (actor.label) {
    case 'person':
      // A full stride (two steps) is about 1.5 m.
      drawPerson(brush, view, actor.person, { ...at, stride: actor.start.x + (actor.speed * seconds) / 1.5 });
      break;
    case 'vehicle':
      drawParts(brush, view, actor.vehicle.parts, at);
      break;
    case 'cone':
      drawParts(brush, view, actor.cone.parts, at);
      break;
    case undefined:
      drawParts(brush, view, actor.prop.parts, at);
  }
}

function silhouette(actor: Actor) {
  switch (actor.label) {
    case 'person':
      return { length: 0.4, width: 0.25, height: actor.person.heightMetres * 0.9 };
    case 'vehicle':
      return actor.vehicle;
    case 'cone':
      return {
        length: actor.cone.heightMetres * 0.4,
        width: actor.cone.heightMetres * 0.4,
        height: actor.cone.heightMetres * 0.7,
      };
    case undefined:
      return { length: actor.prop.radius, width: actor.prop.radius, height: 0.8 };
  }
}

function countOwned({ owner, width, height }: Canvas, { reach }: Brush, id: number): number {
  let count = 0;
  for (let row = Math.max(0, Math.floor(reach.top)); row < Math.min(height, reach.bottom); row++) {
    for (let column = Math.max(0, Math.floor(reach.left)); column < Math.min(width, reach.right); column++) {
      if (owner[row * width + column] === id) count++;
    }
  }
  return count;
}
