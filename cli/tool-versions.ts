import { runtimeVersion } from '#inference/session';
import { tesseractJsVersion } from '#inference/text/tesseract-js-version';
import { tesseractVersion } from '#inference/text/tesseract-program';
import { locateFfmpeg } from '#media/ffmpeg';
import { version } from './version.ts';

/** The versions that a receipt names. */
export async function toolVersions(): Promise<Record<string, string>> {
  const [ffmpeg, tesseract] = await Promise.all([locateFfmpeg(), tesseractVersion()]);
  return {
    stepreel: version(),
    node: process.version,
    ffmpeg: `${ffmpeg.version} (${ffmpeg.source})`,
    onnxruntime: runtimeVersion(),
    'tesseract.js': tesseractJsVersion(),
    ...(tesseract === undefined ? {} : { tesseract }),
  };
}
