import { type Camera, nearestGround } from './camera.ts';
import { type Cone, inventCone } from './cones.ts';
import { FAMILIES, type FamilyName, groundOf, HELD_OUT_FAMILIES, TRAINING_FAMILIES } from './families.ts';
import type { Ground } from './grounds.ts';
import { inventLight, type Light } from './light.ts';
import type { Placement } from './mesh.ts';
import { type Palette, type PaletteName, paletteNamed } from './palettes.ts';
import { inventPerson, type Person } from './people.ts';
import { inventProp, type Prop } from './props.ts';
import { type Random, randomFrom } from './random.ts';
import type { Vehicle } from './vehicle.ts';
import { inventVehicle } from './vehicles.ts';

/** The order is the detector's order of classes. */
export const LABELS = ['person', 'vehicle', 'cone'] as const;
export type Label = (typeof LABELS)[number];

export type Actor = (
  | { label: 'person'; person: Person }
  | { label: 'vehicle'; vehicle: Vehicle }
  | { label: 'cone'; cone: Cone }
  | { label: undefined; prop: Prop }
) & {
  /** Where it stands at second 0. */
  start: Placement;
  /** Metres a second to the right; 0 for what stands still. */
  speed: number;
};

export type Scene = {
  seed: number | string;
  family: FamilyName;
  palette: Palette;
  camera: Camera;
  light: Light;
  ground: Ground;
  actors: readonly Actor[];
};

export type SceneOptions = {
  width: number;
  height: number;
  /** Which places and hues it may use; `held-out` shares neither with `training`. Default: training. */
  pool?: PaletteName;
  family?: FamilyName;
  /** How many of each to place, 255 together at most; chance decides when not given. */
  crowd?: { people: number; vehicles: number; cones: number; props: number };
};

/** Invents a worksite: a place, a light, a camera, and who and what is there. The same seed gives the same scene. */
export function worksiteScene(seed: number | string, options: SceneOptions): Scene {
  const random = randomFrom(`worksite/${seed}`);
  const pool = options.pool ?? 'training';
  const family = options.family ?? random.pick(pool === 'training' ? TRAINING_FAMILIES : HELD_OUT_FAMILIES);
  const palette = paletteNamed(pool);
  const camera = inventCamera(random.fork('camera'), options);
  const counts = random.fork('counts');
  const crowd = options.crowd ?? {
    people: counts.int(0, 7),
    vehicles: counts.int(0, 4),
    cones: counts.int(0, 7),
    props: counts.int(0, 7),
  };
  return {
    seed,
    family,
    palette,
    camera,
    light: inventLight(random.fork('light')),
    ground: groundOf(family, random.fork('ground')),
    actors: placeActors(random.fork('actors'), camera, palette, crowd),
  };
}

/** The walls and trees behind a scene's ground, from far to near. */
export function backdropsOf(scene: Scene, random: Random) {
  const { backdrops } = FAMILIES[scene.family];
  return backdrops.filter((_, index) => random.chance(0.5) || index === backdrops.length - 1);
}

function inventCamera(random: Random, { width, height }: SceneOptions): Camera {
  return {
    width,
    height,
    horizon: height * random.range(0.14, 0.42),
    focal: width * random.range(0.75, 1.35),
    eyeHeight: random.range(2.4, 6.5),
  };
}

function placeActors(
  random: Random,
  camera: Camera,
  palette: Palette,
  crowd: NonNullable<SceneOptions['crowd']>,
): Actor[] {
  const spots: { x: number; z: number; radius: number }[] = [];
  const near = nearestGround(camera);
  const place = (radius: number, tallMetres: number, smallestShare: number): Placement => {
    // Farther than this, it would be smaller than `smallestShare` of the picture's width.
    const far = Math.max(near + 3, Math.min(58, (camera.focal * tallMetres) / (smallestShare * camera.width)));
    let spot = { x: 0, z: 0, radius };
    // Things may overlap in the picture, not on the ground; after a dozen tries a tight spot is taken as it is.
    for (let attempt = 0; attempt < 12; attempt++) {
      const u = random.next();
      const z = near + radius + 0.3 + (far - near) * u * (0.35 + 0.65 * u);
      spot = { x: ((random.range(-0.52, 0.52) * camera.width) / camera.focal) * z, z, radius };
      if (spots.every((other) => apart(spot, other))) break;
    }
    spots.push(spot);
    return { x: spot.x, z: spot.z, facing: 0 };
  };

  const actors: Actor[] = [];
  for (let count = 0; count < crowd.vehicles; count++) {
    const vehicle = inventVehicle(random, palette);
    const spot = place(vehicle.length / 2, vehicle.height, 0.03);
    const facing = random.chance(0.6) ? random.pick([0, 0.5]) + random.range(-0.06, 0.06) : random.next();
    const speed = random.chance(0.5) ? random.range(0.6, 3) * (facing > 0.25 && facing < 0.75 ? -1 : 1) : 0;
    actors.push({ label: 'vehicle', vehicle, start: { ...spot, facing }, speed });
  }
  for (let count = 0; count < crowd.people; count++) {
    const walking = random.chance(0.6);
    const person = inventPerson(random, palette, walking);
    const facing = random.next();
    const pace = walking ? random.range(0.5, 1.4) : 0;
    const right = facing < 0.25 || facing > 0.75;
    actors.push({
      label: 'person',
      person,
      start: { ...place(0.35, 1.75, 0.036), facing },
      speed: right ? pace : -pace,
    });
  }
  actors.push(...placeCones(random, palette, crowd.cones, () => place(0.3, 0.75, 0.024)));
  for (let count = 0; count < crowd.props; count++) {
    const prop = inventProp(random, palette);
    actors.push({
      label: undefined,
      prop,
      start: { ...place(prop.radius, 1.2, 0.02), facing: random.next() },
      speed: 0,
    });
  }
  return actors;
}

/** Cones stand in rows as often as alone. */
function placeCones(random: Random, palette: Palette, count: number, place: () => Placement): Actor[] {
  const cones: Actor[] = [];
  while (cones.length < count) {
    const looks = inventCone(random, palette);
    const first = place();
    const row = random.chance(0.5) ? random.int(2, 5) : 1;
    const stepX = random.range(-2.5, 2.5);
    const stepZ = random.range(-0.8, 2.2);
    for (let index = 0; index < row && cones.length < count; index++) {
      const start = { x: first.x + stepX * index, z: first.z + stepZ * index, facing: random.range(0, 0.25) };
      cones.push({ label: 'cone', cone: looks, start, speed: 0 });
    }
  }
  return cones;
}

function apart(a: { x: number; z: number; radius: number }, b: { x: number; z: number; radius: number }): boolean {
  const dx = a.x - b.x;
  const dz = a.z - b.z;
  const reach = (a.radius + b.radius) * 0.9;
  return dx * dx + dz * dz > reach * reach;
}
