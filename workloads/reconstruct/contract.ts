import { z } from 'zod';
import { mediaInfoSchema } from '#media/media-info';
import { CAMERA_MODELS } from '#photogrammetry/engine';
import { DEFAULTS, MOST_FRAMES } from './defaults.ts';
import { PRESET_NAMES } from './presets.ts';
import { qualitySchema } from './quality.ts';

/** The parameters of a reconstruct job, with their defaults. A parameter that is not here is refused. */
export const reconstructParams = z
  .strictObject({
    preset: z.enum(PRESET_NAMES).default(DEFAULTS.preset).describe('Speed or detail: one row of the table of presets.'),
    maxFrames: z
      .int()
      .min(8)
      .max(MOST_FRAMES)
      .default(DEFAULTS.maxFrames)
      .describe('At most this many frames are used.'),
    candidatesPerSecond: z
      .number()
      .positive()
      .max(60)
      .default(DEFAULTS.candidatesPerSecond)
      .describe('Frames of each second of a video that are looked at before the best are chosen.'),
    blurThreshold: z
      .number()
      .nonnegative()
      .default(DEFAULTS.blurThreshold)
      .describe('Sharpness (variance of the Laplacian) below which a frame is blurred.'),
    stepWidths: z
      .number()
      .positive()
      .max(1)
      .default(DEFAULTS.stepWidths)
      .describe('How far the picture moves from one chosen frame to the next, as a part of its width.'),
    matching: z
      .enum(['auto', 'sequential', 'exhaustive', 'vocabularyTree'])
      .default(DEFAULTS.matching)
      .describe('Which pairs of frames are compared; auto goes by the kind of input.'),
    cameras: z
      .enum(['auto', 'single', 'perPicture'])
      .default(DEFAULTS.cameras)
      .describe('Whether one camera took all pictures; auto: if all are of one size.'),
    cameraModel: z.enum(CAMERA_MODELS).default(DEFAULTS.cameraModel).describe('The lens, by its name in COLMAP.'),
    cameraParams: z
      .array(z.number())
      .min(3)
      .max(8)
      .optional()
      .describe('Known intrinsics in pixels, in the order of the camera model; otherwise EXIF or a guess begins.'),
    dense: z.boolean().default(DEFAULTS.dense).describe('Compute a dense cloud where there is a GPU.'),
    mesh: z.boolean().default(DEFAULTS.mesh).describe('Build a surface.'),
    threads: z
      .int()
      .min(0)
      .max(256)
      .default(DEFAULTS.threads)
      .describe('Threads of the engine; 0: all cores, 1: the same bytes from run to run.'),
  })
  .refine(({ cameras, cameraParams }) => cameraParams === undefined || cameras !== 'perPicture', {
    error: 'known intrinsics are those of one camera: give cameras "single" or leave it',
    path: ['cameraParams'],
  });

export type ReconstructParams = z.infer<typeof reconstructParams>;

/** The parameters a step reads: what else changes does not make its output another one. */
const shape = z.object(reconstructParams.shape);
export const stepParams = {
  ValidateInput: shape.pick({ matching: true }),
  SelectFrames: shape.pick({ maxFrames: true, candidatesPerSecond: true, blurThreshold: true, stepWidths: true }),
  ExtractFeatures: shape.pick({ preset: true, cameras: true, cameraModel: true, cameraParams: true, threads: true }),
  MatchFeatures: shape.pick({ preset: true, matching: true, threads: true }),
  EstimateCameras: shape.pick({ preset: true, threads: true }),
  CheckQuality: z.object({}),
  DensifyCloud: shape.pick({ preset: true, dense: true }),
  BuildMesh: shape.pick({ preset: true, mesh: true, threads: true }),
  WriteReport: reconstructParams,
};

/** What a video file's name may end in, and a picture's. */
export const VIDEO_ENDINGS = ['.mp4', '.mov', '.mkv', '.avi', '.webm'];
export const PICTURE_ENDINGS = ['.jpg', '.jpeg', '.png'];

/** The output of ValidateInput. */
export const validatedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('video'), media: mediaInfoSchema, tree: z.string().optional() }),
  z.object({ kind: z.literal('pictures'), count: z.int().positive(), tree: z.string().optional() }),
]);

export type Validated = z.infer<typeof validatedSchema>;

const placeSchema = z.object({ latitude: z.number(), longitude: z.number(), altitudeMetres: z.number().optional() });

const inputSchema = z.object({ name: z.string(), sha256: z.string(), bytes: z.int() });

/** The output of SelectFrames. */
export const selectedSchema = z.object({
  input: z.array(inputSchema).min(1),
  kind: z.enum(['video', 'pictures']),
  /** Size of the first chosen picture; the others may have other sizes. */
  width: z.int().positive(),
  height: z.int().positive(),
  mixedSizes: z.boolean(),
  candidates: z.int().positive(),
  /** One mask for all frames, or one each of some: where they are black nothing was looked for. */
  masks: z.enum(['one', 'each']).optional(),
  /** The camera's way in widths of the picture. */
  wayWidths: z.number().nonnegative(),
  frames: z
    .array(
      z.object({
        file: z.string(),
        /** Number of the frame in the video, or the picture's own name. */
        source: z.union([z.int(), z.string()]),
        seconds: z.number().optional(),
        /** As the picture's EXIF says. */
        gps: placeSchema.optional(),
        focal35Millimetres: z.number().optional(),
        sharpness: z.number(),
      }),
    )
    .min(1),
  /** How many candidates were left out, by reason. */
  refused: z.record(z.string(), z.int().positive()),
  damaged: z.int().nonnegative(),
  unreadable: z.array(z.object({ name: z.string(), reason: z.string() })),
  stoppedAt: z.object({ frame: z.int(), seconds: z.number(), reason: z.string() }).optional(),
});

export type Selected = z.infer<typeof selectedSchema>;

const engineSchema = z.object({ name: z.string(), version: z.string() });

/** The output of ExtractFeatures. */
export const featuresSchema = z.object({
  engine: engineSchema,
  camera: z.enum(['single', 'perPicture']),
  bytes: z.object({ database: z.int(), stored: z.int() }),
});

/** The output of MatchFeatures. */
export const matchedSchema = z.object({
  pairing: z.enum(['sequential', 'exhaustive', 'vocabularyTree']),
  facts: z.object({
    pictures: z.int(),
    medianFeatures: z.number(),
    verifiedPairs: z.int(),
    medianInliers: z.number(),
    pairsWithoutParallax: z.int(),
    connectedPictures: z.int(),
  }),
  bytes: z.object({ database: z.int(), stored: z.int() }),
});

export type Matched = z.infer<typeof matchedSchema>;

/** The output of EstimateCameras. */
export const estimatedSchema = z.object({
  engine: engineSchema,
  /** Pictures of each model that was found, the kept one first. */
  models: z.array(z.int()),
  /** There when there is a model. */
  quality: qualitySchema.optional(),
  /** How the model lies on the earth, where pictures say where they were taken. */
  earth: z
    .object({
      pictures: z.int(),
      metresPerUnit: z.number(),
      medianErrorMetres: z.number(),
      extentMetres: z.number(),
      origin: placeSchema,
    })
    .optional(),
  /** Names of chosen frames that found no place. */
  lost: z.array(z.string()),
});

export type Estimated = z.infer<typeof estimatedSchema>;

/** The output of CheckQuality. */
export const checkedSchema = z.object({
  verdict: z.enum(['pass', 'warn']),
  checks: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      warnAt: z.number(),
      failAt: z.number(),
      unit: z.string(),
      verdict: z.enum(['pass', 'warn', 'fail']),
      advice: z.string(),
    }),
  ),
});

export type Checked = z.infer<typeof checkedSchema>;

/** The output of DensifyCloud. */
export const cloudSchema = z.object({
  kind: z.enum(['dense', 'sparse']),
  /** Why a cloud that was to be dense is not. */
  degraded: z.string().optional(),
  points: z.int().nonnegative(),
});

export type Cloud = z.infer<typeof cloudSchema>;

/** The output of BuildMesh. */
export const meshedSchema = z.object({
  method: z.string().optional(),
  /** Why there is no mesh, where one was asked for. */
  missing: z.string().optional(),
  stats: z
    .object({
      vertices: z.int(),
      faces: z.int(),
      area: z.number(),
      volume: z.number().nullable(),
      box: z.array(z.number()).length(3),
      holes: z.int(),
      openEdges: z.int(),
    })
    .optional(),
});

export type Meshed = z.infer<typeof meshedSchema>;

/** The output of WriteReport. */
export const reportedSchema = z.object({
  outcome: z.enum(['complete', 'partial']),
  missing: z.array(z.string()),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
});

/** Names of the files that go from step to step. */
/** The one mask of a video's frames; those of pictures lie in masks/, each under its picture's name and .png. */
export const MASK_FILE = 'mask.png';
export const SELECTION_FILE = 'frames.json';
export const DATABASE_FILE = 'database.db.zst';
export const CLOUD_FILE = 'cloud.ply';
export const MESH_FILE = 'mesh.ply';
