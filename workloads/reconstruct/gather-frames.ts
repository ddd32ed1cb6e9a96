import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import type { Selected } from './contract.ts';

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
