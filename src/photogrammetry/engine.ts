/**
 * What turns pictures into cameras, points and surfaces. COLMAP is one; AliceVision and OpenMVS fit the same shape: each
 * stage works on files in a folder of its own, takes up where it was interrupted, and says which of the stages it has.
 */
export interface PhotogrammetryEngine {
  readonly name: string;
  readonly version: string;
  /** What this build can do on this machine. */
  readonly can: EngineAbilities;
  /** Finds features in every picture of the folder that the database has none of yet. */
  extractFeatures(request: FeatureRequest, run: StageRun): Promise<void>;
  /** Matches the pairs that the database has no matches of yet. */
  matchFeatures(request: MatchRequest, run: StageRun): Promise<void>;
  /** @returns the folders of the models that were found, as text models, the one with most pictures first. */
  mapCameras(request: MapRequest, run: StageRun): Promise<string[]>;
  /** Dense depth of every picture, fused. @returns the path of a PLY with normals. */
  densify(request: DensifyRequest, run: StageRun): Promise<string>;
  /** A surface through the points of a PLY that has normals. @returns the path of a PLY with faces. */
  buildSurface(request: SurfaceRequest, run: StageRun): Promise<string>;
}

export interface EngineAbilities {
  /** Features, matches and dense stereo on a GPU. */
  gpu: boolean;
}

/** How a stage is watched and ended. */
export interface StageRun {
  signal?: AbortSignal | undefined;
  onProgress?: (done: number, total: number) => void;
  /** Every line that the engine writes. */
  onLine?: (line: string) => void;
}

export interface FeatureRequest {
  database: string;
  pictures: string;
  /** Names in the folder, in the order in which the database numbers them. */
  names: readonly string[];
  /** One camera took all pictures, or each has its own. */
  cameras: 'single' | 'perPicture';
  cameraModel: CameraModel;
  /** Focal length, centre and distortion in pixels, in the order of the camera model, where they are known. */
  cameraParams?: readonly number[] | undefined;
  /** A folder that may hold `<name>.png` for each picture: nothing is looked for where it is black. */
  masks?: string | undefined;
  /** A PNG that is the mask of every picture. */
  cameraMask?: string | undefined;
  /** The longer side that pictures are scaled down to. */
  maxSidePixels: number;
  maxFeatures: number;
  /** Affine shape and pooled scales: slower, and better for strongly tilted surfaces. */
  affine: boolean;
  /** 0: as many as there are cores. */
  threads: number;
  gpu: boolean;
}

export const CAMERA_MODELS = ['SIMPLE_PINHOLE', 'PINHOLE', 'SIMPLE_RADIAL', 'RADIAL', 'OPENCV'] as const;
export type CameraModel = (typeof CAMERA_MODELS)[number];

/** Which pairs of pictures are compared. */
export type Pairing =
  | { kind: 'sequential'; overlap: number }
  | { kind: 'exhaustive' }
  | { kind: 'vocabularyTree'; tree: string; neighbours: number };

export interface MatchRequest {
  database: string;
  pairing: Pairing;
  maxMatches: number;
  threads: number;
  gpu: boolean;
}

export interface MapRequest {
  database: string;
  pictures: string;
  folder: string;
  /** Rounds of each bundle adjustment over all cameras. */
  adjustmentRounds: number;
  /** Models of fewer pictures are not kept. */
  minPictures: number;
  threads: number;
}

export interface DensifyRequest {
  pictures: string;
  model: string;
  folder: string;
  maxSidePixels: number;
}

export interface SurfaceRequest {
  /** A PLY whose points have normals. */
  points: string;
  output: string;
  /** Octree depth: each step doubles the resolution. */
  depth: number;
  /** Surface where there are fewer points than 2^trim at the finest level is cut away; 0 keeps it. */
  trim: number;
  threads: number;
}
