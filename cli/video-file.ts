import { basename, resolve } from 'node:path';
import { openInputFile } from '#adapters/local/input-files';
import type { MediaInfo } from '#media/media-info';
import { probeMedia, requireVideo, type UsableVideo } from '#media/probe';

/** A video file of this machine, probed. @throws InputNotFoundError, MediaError. */
export async function readVideo(
  file: string,
): Promise<{ path: string; name: string; media: MediaInfo; track: UsableVideo }> {
  const [path, name] = [resolve(file), basename(file)];
  const source = await openInputFile({ name, uri: path });
  try {
    const media = await probeMedia(source);
    return { path, name, media, track: requireVideo(media, name) };
  } finally {
    await source.close();
  }
}
