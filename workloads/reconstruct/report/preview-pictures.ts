import { jpegOfRgb } from '#media/images';
import { rowsOf, type SparseModel } from '#photogrammetry/model-text';
import type { PlyModel } from '#photogrammetry/ply';

const WIDTH = 640;
const BACKGROUND = [22, 25, 30];
const SPLAT = 1;

/** The cloud as some of the cameras see it, drawn point by point. @returns JPEGs, by the name of the frame. */
export async function previewPictures({ cameras, pictures }: SparseModel, cloud: PlyModel, count: number) {
  const previews: { name: string; jpeg: Uint8Array }[] = [];
  const wanted = Math.min(count, pictures.length);
  for (let number = 0; number < wanted; number += 1) {
    const picture = pictures[Math.floor((number * pictures.length) / wanted)]!;
    const camera = cameras.find(({ id }) => id === picture.cameraId)!;
    const size = { width: WIDTH, height: Math.max(1, Math.round((WIDTH * camera.height) / camera.width)) };
    const focalPixels = (camera.params[0]! * WIDTH) / camera.width;
    const rgb = drawCloud(cloud, { axes: rowsOf(picture.rotation), t: picture.translation, focalPixels }, size);
    previews.push({ name: picture.name, jpeg: await jpegOfRgb(rgb, size) });
  }
  return previews;
}

interface Pose {
  axes: [number, number, number][];
  t: readonly number[];
  focalPixels: number;
}

function drawCloud(
  { count, positions, colours }: PlyModel,
  { axes, t, focalPixels }: Pose,
  size: { width: number; height: number },
) {
  const { width, height } = size;
  const rgb = new Uint8Array(3 * width * height);
  for (let at = 0; at < rgb.length; at += 1) rgb[at] = BACKGROUND[at % 3]!;
  const depths = new Float32Array(width * height).fill(Infinity);
  for (let point = 0; point < count; point += 1) {
    const [x, y, z] = axes.map(
      (row, axis) =>
        row[0] * positions[3 * point]! +
        row[1] * positions[3 * point + 1]! +
        row[2] * positions[3 * point + 2]! +
        t[axis]!,
    ) as [number, number, number];
    if (z <= 0) continue;
    const column = Math.round((focalPixels * x) / z + width / 2);
    const row = Math.round((focalPixels * y) / z + height / 2);
    for (let py = Math.max(0, row - SPLAT); py <= Math.min(height - 1, row + SPLAT); py += 1) {
      for (let px = Math.max(0, column - SPLAT); px <= Math.min(width - 1, column + SPLAT); px += 1) {
        const at = py * width + px;
        if (z >= depths[at]!) continue;
        depths[at] = z;
        for (let channel = 0; channel < 3; channel += 1) rgb[3 * at + channel] = colours?.[3 * point + channel] ?? 190;
      }
    }
  }
  return rgb;
}
