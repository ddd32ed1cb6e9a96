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
    files: ['activity-results.jsonl', 'phrases.jsonl', 'report.html', 'waveforms.jsonl'],
    kinds: ['speech', 'report'],
  },
  { workload: 'reconstruct', files: ['sparse.ply', 'mesh.ply', 'cameras.txt'], kinds: ['scene'] },
  { workload: 'somebody-elses', files: ['numbers.json'], kinds: [] },
])('a result of $workload is shown as what it is', ({ workload, files, kinds }) => {
  expect(viewersFor(workload, files.map(file)).map(({ kind }) => kind)).toEqual(kinds);
});

it('a mesh comes before the points that it was made of, and the cameras are shown with both', () => {
  const [viewer] = viewersFor('reconstruct', ['cameras.json', 'cloud.ply', 'mesh.ply'].map(file));
  expect(viewer).toMatchObject({
    models: [{ path: 'mesh.ply' }, { path: 'cloud.ply' }],
    cameras: { path: 'cameras.json' },
  });
});
