import type { JobInput } from '#core/job';
import type { StepArtifacts } from '#core/step';
import type { MediaInfo } from './media-info.ts';
import { probeMedia, requireVideo } from './probe.ts';

/** What the headers of a video say. @throws MediaError or InputError for a file that is none a job could work on. */
export async function probeVideo(input: JobInput, artifacts: Pick<StepArtifacts, 'open'>): Promise<MediaInfo> {
  const source = await artifacts.open(input);
  try {
    const media = await probeMedia(source);
    requireVideo(media, input.name);
    return media;
  } finally {
    await source.close();
  }
}
