import { basename } from 'node:path';
import type { JobInput } from '#core/job';
import { drawExampleClip } from '#media/scenes/example-clip';

/**
 * Draws the clip that `stepreel run annotate --example` works on. Its ground truth lies beside it as a COCO file.
 * @throws ToolError where there is no ffmpeg.
 */
export async function drawExample(folder: string): Promise<JobInput[]> {
  const { clip } = await drawExampleClip(folder);
  return [{ name: basename(clip), uri: clip }];
}
