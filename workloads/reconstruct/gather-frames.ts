import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import { MASK_FILE, type Selected } from './contract.ts';

/** Puts the chosen frames into one folder under their names, as engines want them; linked, not copied. */
export async function gatherFrames(
  { frames }: Selected,
  files: Artifact[],
  folder: string,
  artifacts: StepArtifacts,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const { file } of frames) {
    await symlink(await artifacts.local(byName.get(`frames/${file}`)!), join(folder, file));
  }
  return frames.map(({ file }) => file);
}

/** The masks of the frames as engines want them: one file for all, or a folder; undefined where there is none. */
export async function gatherMasks(
  { masks, frames }: Selected,
  files: Artifact[],
  folder: string,
  artifacts: StepArtifacts,
): Promise<{ masks?: string; cameraMask?: string }> {
  const byName = new Map(files.map((file) => [file.name, file]));
  if (masks === undefined) return {};
  if (masks === 'one') return { cameraMask: await artifacts.local(byName.get(MASK_FILE)!) };
  await mkdir(folder, { recursive: true });
  for (const { file } of frames) {
    const mask = byName.get(`masks/${file}.png`);
    if (mask) await symlink(await artifacts.local(mask), join(folder, `${file}.png`));
  }
  return { masks: folder };
}
