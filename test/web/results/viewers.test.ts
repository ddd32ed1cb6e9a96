import { expect, it } from 'vitest';
import type { ResultFile } from '../../../web/api-types.ts';
import { viewersFor } from '../../../web/results/viewers.ts';

const TYPES: Record<string, string> = {
  jpg: 'image/jpeg',
  mp4: 'video/mp4',
  json: 'application/json',
  html: 'text/html',
};

const file = (path: string): ResultFile => {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return { path, sha256: '', bytes: 1, mediaType: TYPES[ending] ?? 'application/octet-stream' };
};

it.each([
  {
    workload: 'dataset',
    files: ['annotations.coco.json', 'images/frame_000000.jpg', 'report.html', 'stats.json'],
    kinds: ['pictures', 'report'],
  },
  {
    workload: 'annotate',
    files: ['annotated.mp4', 'annotations.coco.json', 'poster.jpg', 'report.html'],
    kinds: ['video', 'report'],
  },
  {
    workload: 'clip-qc',
    files: ['frames/frame_000034.jpg', 'result.json', 'report.html'],
    kinds: ['evidence', 'report'],
  },
  {
    workload: 'letter-asr',
    files: ['activity-results.jsonl', 'phrases.jsonl', 'report.html'],
    kinds: ['speech', 'report'],
  },
  { workload: 'reconstruct', files: ['sparse.ply', 'mesh.ply', 'cameras.txt'], kinds: ['scene'] },
  { workload: 'somebody-elses', files: ['numbers.json'], kinds: [] },
])('a result of $workload is shown as what it is', ({ workload, files, kinds }) => {
  expect(viewersFor(workload, files.map(file)).map(({ kind }) => kind)).toEqual(kinds);
});

it('a mesh is shown rather than the points that it was made of', () => {
  const [viewer] = viewersFor('reconstruct', ['fused.ply', 'mesh-poisson.ply'].map(file));
  expect(viewer).toMatchObject({ kind: 'scene', scene: { path: 'mesh-poisson.ply' } });
});
