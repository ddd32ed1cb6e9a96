import type { UsableVideo } from './probe.ts';

// bwdif needs 3 columns and 4 rows of each plane, and a plane of colour may have a quarter of the picture's (4:1:0).
const LEAST_COLUMNS = 12;
const LEAST_ROWS = 16;

/**
 * The filters that comb two fields out of a frame, none where there are no fields for certain. Only frames that are
 * flagged as interlaced are touched, and a frame stays a frame. Codecs without fields do not say what they are.
 */
export function deinterlacing({ scan, width, height }: UsableVideo): string[] {
  const mayHaveFields = scan !== 'progressive' && width >= LEAST_COLUMNS && height >= LEAST_ROWS;
  return mayHaveFields ? ['bwdif=mode=send_frame:deint=interlaced'] : [];
}
