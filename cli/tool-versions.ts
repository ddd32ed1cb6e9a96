import { runtimeVersion } from '#inference/session';
import { locateFfmpeg } from '#media/ffmpeg';
import { version } from './version.ts';

/** The versions that a receipt names. */
export async function toolVersions(): Promise<Record<string, string>> {
  const ffmpeg = await locateFfmpeg();
  return {
    stepreel: version(),
    node: process.version,
    ffmpeg: `${ffmpeg.version} (${ffmpeg.source})`,
    onnxruntime: runtimeVersion(),
  };
}
