import type { JobInput } from '#core/job';
import { encodeViews } from '#workloads/reconstruct/example/encode-views';
import { type ExampleView, orbitViews } from '#workloads/reconstruct/example/orbit';
import { renderView } from '#workloads/reconstruct/example/scene';

/** What the clips of these tests are like: small, so that a test with COLMAP ends within a minute. */
export const SMALL = { width: 320, height: 240, views: 24, turns: 0.64, radius: 3 } as const;

/** Draws what cameras see of the example's scene as a clip. */
export async function clipOf(
  views: readonly ExampleView[],
  folder: string,
  { name = 'clip.mp4', width = SMALL.width as number, height = SMALL.height as number } = {},
): Promise<JobInput> {
  return clipOfPictures(picturesOf(views, width, height), folder, { name, width, height });
}

export async function clipOfPictures(
  pictures: Iterable<Uint8Array>,
  folder: string,
  { name = 'clip.mp4', width = SMALL.width as number, height = SMALL.height as number, framesPerSecond = 10 } = {},
): Promise<JobInput> {
  const uri = await encodeViews({ width, height, framesPerSecond, pictures }, folder, name);
  return { name, uri };
}

export function* picturesOf(views: readonly ExampleView[], width: number, height: number) {
  for (const view of views) yield renderView(view, width, height);
}

export const smallOrbit = () => orbitViews(SMALL);
