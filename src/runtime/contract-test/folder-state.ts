import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file below some folders, with what changes when it is written to. */
export type FolderState = Map<string, string>;

// Nothing that a program would write by mistake, and slow to read.
const NOT_LOOKED_AT = new Set(['.git', 'node_modules']);

/** Looks at folders as they are now. */
export async function folderState(folders: readonly string[]): Promise<FolderState> {
  const state: FolderState = new Map();
  const visit = async (folder: string): Promise<void> => {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (NOT_LOOKED_AT.has(name)) continue;
      const path = join(folder, name);
      const { size, mtimeMs, ino, isFolder } = await lstat(path).then((found) => ({
        ...found,
        isFolder: found.isDirectory(),
      }));
      if (isFolder) await visit(path);
      else state.set(path, `${ino} ${size} ${mtimeMs}`);
    }
  };
  for (const folder of folders) await visit(folder);
  return state;
}

/** The files that came, went or changed between two looks. */
export function changesBetween(before: FolderState, after: FolderState): string[] {
  const gone = [...before.keys()].filter((path) => !after.has(path)).map((path) => `${path} is gone`);
  const others = [...after].flatMap(([path, state]) => {
    if (!before.has(path)) return [`${path} is new`];
    return before.get(path) === state ? [] : [`${path} was changed`];
  });
  return [...gone, ...others];
}
