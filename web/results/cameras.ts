import type { Pose } from '../scene/poses.ts';
import type { Vector } from '../scene/vectors.ts';

/** As much of `cameras.json` as is drawn: rows of R are the camera's axes in the scene. */
export interface CamerasDocument {
  cameras: { id: number; width: number; height: number; params: number[] }[];
  pictures: { camera: number; R: [Vector, Vector, Vector]; centre: Vector }[];
}

export function posesIn({ cameras, pictures }: CamerasDocument): Pose[] {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  return pictures.flatMap(({ camera, R: [right, down, forward], centre }) => {
    const lens = byId.get(camera);
    if (!lens) return [];
    // The first parameter of every model is the focal length.
    const [focal] = lens.params;
    return [{ centre, right, down, forward, across: lens.width / 2 / focal!, along: lens.height / 2 / focal! }];
  });
}
