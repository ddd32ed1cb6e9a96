import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { cocoVideo } from '#annotation/formats/coco-video';
import { motLines } from '#annotation/formats/mot';
import { supervisionCsv, supervisionHeader, supervisionJson } from '#annotation/formats/supervision';
import type { VideoFrame } from '#annotation/formats/video-box';

const FRAME: VideoFrame = {
  frame: 6,
  seconds: 0.2,
  boxes: [
    { box: [10, 20, 30, 40], score: 0.9, classIndex: 1, label: 'van, "white"', track: 3 },
    { box: [1.239, 2, 3, 4], score: 0.3, classIndex: 0, label: '=cmd()' },
    { box: [5, 5, 5, 5], score: 0.5, classIndex: 1, label: 'van', track: 3, interpolated: true },
  ],
};

describe('the table that supervision reads', () => {
  const rows = parse(supervisionHeader() + supervisionCsv(FRAME), { columns: true }) as Record<string, string>[];

  it('has the columns of its CSV sink first', () => {
    expect(Object.keys(rows[0]!).slice(0, 7)).toEqual([
      'x_min',
      'y_min',
      'x_max',
      'y_max',
      'class_id',
      'confidence',
      'tracker_id',
    ]);
    expect(rows[0]).toMatchObject({
      x_min: '10',
      x_max: '40',
      class_id: '1',
      tracker_id: '3',
      class_name: 'van, "white"',
      frame_number: '6',
    });
  });

  it('has -1 for no track, and no formulas', () => {
    expect(rows[1]).toMatchObject({ tracker_id: '-1', class_name: "'=cmd()", x_min: '1.24', interpolated: 'false' });
  });

  it('has a column for each number of a location', () => {
    const placed =
      supervisionHeader(['latitude']) + supervisionCsv({ ...FRAME, place: { latitude: 12.5 } }, ['latitude']);
    expect((parse(placed, { columns: true }) as Record<string, string>[])[0]).toMatchObject({ latitude: '12.5' });
  });

  it('and the JSON lines have the same names, a line a frame', () => {
    const { detections, ...frame } = JSON.parse(supervisionJson({ ...FRAME, place: { latitude: 12.5 } }));
    expect(frame).toEqual({ frame_number: 6, time_seconds: 0.2, location: { latitude: 12.5 } });
    expect(detections[1]).toMatchObject({ tracker_id: null, class_name: '=cmd()' });
  });
});

it('MOT lines count frames from 1 and hold what is tracked', () => {
  expect(motLines(FRAME)).toBe('7,3,10,20,30,40,0.9,-1,-1,-1\n7,3,5,5,5,5,0.5,-1,-1,-1\n');
});

describe('the COCO file of a video', () => {
  const coco = cocoVideo({
    description: 'd',
    video: { name: 'v.mp4', width: 64, height: 48 },
    classes: ['cone', 'van'],
  });
  const empty = { frame: 9, seconds: 0.3, boxes: [] };
  const text = [
    ...[coco.head, coco.image(FRAME), coco.image(empty), coco.middle],
    ...[coco.annotations(FRAME), coco.annotations(empty), coco.foot()],
  ].join('');
  const file = JSON.parse(text);

  // Pitfall 48: categories from 1, a stable order, no clock.
  it('counts from 1 and joins annotations to frames', () => {
    expect(file.videos).toEqual([{ id: 1, name: 'v.mp4', width: 64, height: 48 }]);
    expect(file.images.map(({ id, frame_id }: { id: number; frame_id: number }) => [id, frame_id])).toEqual([
      [1, 6],
      [2, 9],
    ]);
    expect(file.annotations).toHaveLength(3);
    expect(file.annotations[0]).toMatchObject({
      id: 1,
      image_id: 1,
      category_id: 2,
      track_id: 3,
      bbox: [10, 20, 30, 40],
      area: 1200,
    });
    expect(file.annotations[1]).not.toHaveProperty('track_id');
    expect(file.annotations[2]).toMatchObject({ interpolated: true });
    expect(file.categories).toEqual([
      { id: 1, name: 'cone', supercategory: 'object' },
      { id: 2, name: 'van', supercategory: 'object' },
    ]);
    expect(file.tracks).toEqual([{ id: 3, category_id: 2, video_id: 1 }]);
  });
});
