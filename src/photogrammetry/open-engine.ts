import { openColmap } from './colmap.ts';
import type { PhotogrammetryEngine } from './engine.ts';

/** The engine of this machine. COLMAP is the one there is. @throws ToolError that says how to get it. */
export function openEngine(): Promise<PhotogrammetryEngine> {
  return openColmap();
}
