import { hundredths } from '../boxes.ts';
import type { VideoFrame } from './video-box.ts';

export interface CocoVideoOptions {
  description: string;
  /** The video as the file has it. */
  video: { name: string; width: number; height: number };
  /** All classes of the detectors: a category's id is its place, from 1. */
  classes: readonly string[];
}

/**
 * A COCO file of a video in pieces, a record a line: images are frames of it, annotations have a `track_id`, as in the
 * data sets TAO and BDD100K. Pieces go into two files at the same time, images and annotations, because the frames are
 * only read once: `image` and `annotations` give the lines for them.
 */
export interface CocoVideo {
  head: string;
  image(frame: VideoFrame): string;
  /** What stands between the images and the annotations. */
  middle: string;
  annotations(frame: VideoFrame): string;
  /** The end, with the tracks that were seen. */
  foot(): string;
}

export function cocoVideo({ description, video, classes }: CocoVideoOptions): CocoVideo {
  const categoryOfTrack = new Map<number, number>();
  let images = 0;
  let imagesOfBoxes = 0;
  let boxes = 0;
  const line = (record: unknown, isFirst: boolean) => `${isFirst ? '' : ','}\n${JSON.stringify(record)}`;

  return {
    head: `{\n"info": ${JSON.stringify({ description, version: '1.0' })},\n"videos": [\n${JSON.stringify({ id: 1, ...video })}\n],\n"images": [`,
    image({ frame, seconds }) {
      images += 1;
      const { name, width, height } = video;
      const record = {
        id: images,
        video_id: 1,
        frame_id: frame,
        file_name: `${name}#${frame}`,
        width,
        height,
        seconds,
      };
      return line(record, images === 1);
    },
    middle: '\n],\n"annotations": [',
    annotations(frame) {
      imagesOfBoxes += 1;
      return frame.boxes
        .map(({ box, score, classIndex, track, interpolated }) => {
          boxes += 1;
          if (track !== undefined) categoryOfTrack.set(track, classIndex + 1);
          const bbox = box.map(hundredths);
          const record = {
            ...{ id: boxes, image_id: imagesOfBoxes, video_id: 1, category_id: classIndex + 1 },
            ...(track === undefined ? {} : { track_id: track }),
            ...{ bbox, area: hundredths(bbox[2]! * bbox[3]!), iscrowd: 0, score },
            ...(interpolated ? { interpolated } : {}),
          };
          return line(record, boxes === 1);
        })
        .join('');
    },
    foot() {
      const tracks = [...categoryOfTrack].sort(([a], [b]) => a - b);
      const records = tracks.map(([id, category_id]) => JSON.stringify({ id, category_id, video_id: 1 }));
      const categories = classes.map((name, at) => JSON.stringify({ id: at + 1, name, supercategory: 'object' }));
      return `\n],\n"tracks": [\n${records.join(',\n')}\n],\n"categories": [\n${categories.join(',\n')}\n]\n}\n`;
    },
  };
}
