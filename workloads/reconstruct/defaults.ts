/** What the parameters of a reconstruct job are unless given. */
export const DEFAULTS = {
  preset: 'medium',
  maxFrames: 300,
  candidatesPerSecond: 6,
  blurThreshold: 20,
  stepWidths: 0.04,
  matching: 'auto',
  cameras: 'auto',
  cameraModel: 'SIMPLE_RADIAL',
  dense: true,
  mesh: true,
  threads: 0,
} as const;

/** More frames than this are never used, whatever is asked: matching and mapping grow faster than they do. */
export const MOST_FRAMES = 300;
/** What a COLMAP vocabulary tree's name ends in. */
export const TREE_ENDING = '.bin';
/** What a picture's mask is called after the picture's name. */
export const MASK_ENDING = '.mask.png';
