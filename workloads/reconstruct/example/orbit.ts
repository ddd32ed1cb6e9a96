type Vector = [number, number, number];

/** A camera of known place: the axes of its picture in the world, in metres; z is up. */
export interface ExampleView {
  centre: Vector;
  right: Vector;
  down: Vector;
  forward: Vector;
  focalPixels: number;
}

export interface Orbit {
  views: number;
  /** Part of a full circle that is walked. */
  turns: number;
  radius: number;
  width: number;
}

const TARGET: Vector = [0, 0, 0.35];
// About the field of view of a phone's main camera, 27 mm on film.
const FOCAL_WIDTHS = 0.75;

/** Cameras on a circle around the scene that all look at its middle, rising and sinking a little as a hand does. */
export function orbitViews({ views, turns, radius, width }: Orbit): ExampleView[] {
  return Array.from({ length: views }, (_, at) => {
    const angle = (2 * Math.PI * turns * at) / views;
    const height = 1.5 + 0.15 * Math.sin(3 * angle);
    const level = Math.sqrt(radius ** 2 - (height - TARGET[2]) ** 2);
    return lookAt([level * Math.cos(angle), level * Math.sin(angle), height], TARGET, FOCAL_WIDTHS * width);
  });
}

/** A camera that stands still and turns: nothing tells how far away anything is. */
export function turningViews({ views, radius, width }: Omit<Orbit, 'turns'>): ExampleView[] {
  return Array.from({ length: views }, (_, at) => {
    const swing = (at / views - 0.5) * 1.2;
    return lookAt([radius, 0, 1.5], [0, radius * Math.tan(swing), 0.35], FOCAL_WIDTHS * width);
  });
}

export function lookAt(centre: Vector, target: Vector, focalPixels: number): ExampleView {
  const forward = unit(target.map((value, axis) => value - centre[axis]!) as Vector);
  const right = unit(cross(forward, [0, 0, 1]));
  return { centre, right, down: cross(forward, right), forward, focalPixels };
}

function cross([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length) as Vector;
}
