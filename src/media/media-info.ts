import { z } from 'zod';

const videoTrackSchema = z.object({
  codec: z.string().optional(),
  durationSeconds: z.number().optional(),
  /** Stored size in pixels, before rotation and pixel shape. */
  width: z.number().optional(),
  height: z.number().optional(),
  /** Clockwise degrees by which the picture is turned for display: 0, 90, 180 or 270. */
  rotation: z.number(),
  /** Width of a pixel over its height. */
  pixelAspect: z.number(),
  /** Mean frames a second. */
  frameRate: z.number().optional(),
  variableFrameRate: z.boolean(),
  frameCount: z.number().optional(),
  bitDepth: z.number().optional(),
  /** `4:2:0`, `4:2:2`, …; undefined for RGB or when the headers do not say. */
  chromaSubsampling: z.string().optional(),
  scan: z.enum(['progressive', 'interlaced', 'unknown']),
  colourMatrix: z.string().optional(),
  colourRange: z.enum(['full', 'limited']).optional(),
});

const audioTrackSchema = z.object({
  codec: z.string().optional(),
  durationSeconds: z.number().optional(),
  channels: z.number().optional(),
  sampleRateHz: z.number().optional(),
});

/** A media file as its headers describe it, before anything is decoded. */
export const mediaInfoSchema = z.object({
  /** The container's name as MediaInfo gives it (MPEG-4, Matroska, WebM, AVI, …); undefined when it is none. */
  container: z.string().optional(),
  bytes: z.number(),
  durationSeconds: z.number().optional(),
  /** The file ends before what its headers promise. */
  truncated: z.boolean(),
  video: z.array(videoTrackSchema),
  audio: z.array(audioTrackSchema),
  /** How many streams there are of other kinds: text, image, menu, data. */
  otherTracks: z.number(),
});

export type MediaInfo = z.infer<typeof mediaInfoSchema>;
export type VideoTrack = MediaInfo['video'][number];
export type AudioTrack = MediaInfo['audio'][number];
