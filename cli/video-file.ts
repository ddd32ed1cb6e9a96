import { basename, resolve } from 'node:path';
import { openInputFile } from '#adapters/local/input-files';
import { type MediaInfo, probe, requireVideo } from '#media/probe';

/** A video file of this machine, probed. @throws InputNotFoundError, MediaError. */
export async function readVideo(file: string): Promise<{ path: string; name: string; media: MediaInfo }> {
  const [path, name] = [resolve(file), basename(file)];
  const source = await openInputFile({ name, uri: path });
  try {
    const media = await probe(source, name);
    requireVideo(media, name);
    return { path, name, media };
  } finally {
    await source.close();
  }
}
