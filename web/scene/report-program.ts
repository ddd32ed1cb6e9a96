/**
 * The viewer in a page that stands alone, as report.html of reconstruct is one. It reads the JSON of `#scene` (SceneData of
 * scene-data.ts there), draws into `#view`, and obeys the boxes of `#shown`. `npm run viewer` writes it into that workload.
 */
import { followGestures } from './gestures.ts';
import { posesOf } from './poses.ts';
import { openViewer } from './viewer.ts';

interface Encoded {
  positions: string;
  colours: string;
}

interface Scene {
  points: Encoded;
  mesh?: Encoded & { indexes: string };
  poses: string;
}

const scene = JSON.parse(document.getElementById('scene')!.textContent!) as Scene;
const canvas = document.getElementById('view') as HTMLCanvasElement;

try {
  const around = floats(scene.points.positions);
  const viewer = openViewer(canvas, around, posesOf(floats(scene.poses)));
  viewer.add('points', { kind: 'points', positions: around, colours: bytes(scene.points.colours) });
  if (scene.mesh) {
    const { positions, colours, indexes } = scene.mesh;
    const faces = new Uint32Array(bytes(indexes).buffer);
    viewer.add('mesh', { kind: 'triangles', positions: floats(positions), colours: bytes(colours), indexes: faces });
  }
  followGestures(canvas, viewer);
  document.getElementById('shown')!.addEventListener('change', (event) => {
    const { value, checked } = event.target as HTMLInputElement;
    viewer.show(value, checked);
  });
} catch (thrown) {
  document.getElementById('viewer-status')!.textContent = (thrown as Error).message;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

function floats(text: string): Float32Array {
  return new Float32Array(bytes(text).buffer as ArrayBuffer);
}
