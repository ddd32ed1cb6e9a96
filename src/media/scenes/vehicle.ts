import type { Rgb } from './colour.ts';
import type { Part } from './mesh.ts';

/** A vehicle's body and its footprint: length along x, width along z, height, in metres. It looks towards +x. */
export type Vehicle = { parts: readonly Part[]; length: number; width: number; height: number };

export const GLASS: Rgb = [44, 56, 66];
