import { encodePictures, type Pictures, SAME_BYTES } from '#media/encode-pictures';

const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];

/** Writes pictures as a clip into `folder`. @returns its path. @throws ToolError without ffmpeg. */
export function encodeViews(
  { options = [], ...views }: Pictures & { options?: readonly string[] },
  folder: string,
  name: string,
): Promise<string> {
  return encodePictures(views, folder, name, [...H264, ...options, ...SAME_BYTES]);
}
