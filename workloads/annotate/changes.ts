import type { MediaInfo } from '#media/media-info';
import { requireVideo } from '#media/probe';
import { bitDepthFor, type Codec } from '#media/render/encoders';
import { evenSize } from '#media/render/render-segment';
import { mayBeInterlaced } from '#media/render/source-filters';
import type { PictureFacts } from '#media/render/survey-log';

/** What of the source the annotated video does not have as it was, in sentences. */
export function changesTo(media: MediaInfo, facts: PictureFacts, codec: Codec): string[] {
  const video = requireVideo(media, 'The video');
  const depth = bitDepthFor(codec, facts);
  const even = evenSize(facts);
  const { otherTracks } = media;
  return [
    ...(video.rotation === 0
      ? []
      : [`The picture is stored upright; it was stored turned by ${video.rotation} degrees.`]),
    ...(mayBeInterlaced(video) && video.scan === 'interlaced' ? ['The picture is deinterlaced.'] : []),
    ...((video.bitDepth ?? 8) > depth ? [`The picture has ${depth} bits a sample; it had ${video.bitDepth}.`] : []),
    ...((video.chromaSubsampling ?? '4:2:0') === '4:2:0'
      ? []
      : [`The picture has colour as 4:2:0; it had ${video.chromaSubsampling}.`]),
    ...(even.width === facts.width && even.height === facts.height
      ? []
      : [
          `The picture is ${even.width}x${even.height}; it was ${facts.width}x${facts.height}, and the codec takes even sizes only.`,
        ]),
    ...(codec !== 'hevc' && (facts.mastering || facts.lightLevel)
      ? [`The mastering display and light levels are left out: ${codec} is written without them, hevc has them.`]
      : []),
    ...(media.video.length > 1 ? [`Of ${media.video.length} video streams the first one is kept.`] : []),
    ...(otherTracks > 0 ? ['Time code and data streams are left out; subtitles and chapters are kept.'] : []),
  ];
}
