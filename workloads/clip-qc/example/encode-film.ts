import { encodePictures, SAME_BYTES } from '#media/encode-pictures';
import type { Film } from './film.ts';

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'];

/**
 * Draws a film and writes it into `folder`. @returns the path of the clip.
 * @throws ToolError without ffmpeg, MediaError if it can't encode, ResourceError when the disk is full.
 */
export function encodeFilm(film: Film, folder: string, name: string, codec: readonly string[] = H264): Promise<string> {
  return encodePictures({ ...film, pictures: film.pictures() }, folder, name, [...codec, ...SAME_BYTES]);
}
