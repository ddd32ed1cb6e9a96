/**
 * A camera that looks level over flat ground; what lies below the horizon is shown by shifting the film, so that
 * upright things stay upright. World: x to the right, y up, z away from the camera, all in metres; ground is y = 0.
 */
export type Camera = {
  width: number;
  height: number;
  /** Row of the horizon, in pixels from the top. */
  horizon: number;
  /** Pixels per metre at 1 m. */
  focal: number;
  /** Metres above the ground. */
  eyeHeight: number;
};

export type Vec3 = readonly [number, number, number];

/** Nothing is drawn nearer than this: the projection would explode. */
const NEAREST_METRES = 1;

/** Pixels per metre at a distance. */
export function scaleAt(camera: Camera, z: number): number {
  return camera.focal / Math.max(NEAREST_METRES, z);
}

export function project(camera: Camera, [x, y, z]: Vec3): [number, number] {
  const scale = scaleAt(camera, z);
  return [camera.width / 2 + x * scale, camera.horizon + (camera.eyeHeight - y) * scale];
}

/** Distance of the ground that the lowest row shows, in metres. */
export function nearestGround(camera: Camera): number {
  return (camera.focal * camera.eyeHeight) / (camera.height - camera.horizon);
}
