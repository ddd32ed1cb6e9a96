import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asResourceError } from '#core/disk-full';
import { InputError } from '#core/errors';
import { foldersIn } from './folders-in.ts';
import { compareVersions } from './model-folders.ts';

// What belongs to the one who writes a workload, not to the workload.
const LEFT_OUT = new Set(['.git', '.stepreel']);
const RELEASE_FILE = 'release.json';

/** Workloads from outside as folders, `<root>/<name>/<version>/`, each with a release beside its versions. */
export function openWorkloadFolders(root: string) {
  const folderOf = (name: string, version: string) => join(root, name, version);
  return {
    folderOf,
    /** The names of all that are registered. */
    async names(): Promise<string[]> {
      return await foldersIn(root);
    },
    /** The oldest first. */
    async versions(name: string): Promise<string[]> {
      return (await foldersIn(join(root, name))).sort(compareVersions);
    },
    /** Copies a folder, which appears as a whole. @throws InputError when that version is there. */
    async add(name: string, version: string, source: string): Promise<string> {
      const target = folderOf(name, version);
      if ((await foldersIn(dirname(target))).includes(version)) {
        throw new InputError(
          `${name}@${version} is registered already, and a version stays what it is. Give the new one another version.`,
        );
      }
      await mkdir(dirname(target), { recursive: true });
      const partial = await mkdtemp(join(dirname(target), '.adding-'));
      try {
        await cp(source, partial, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
        await rename(partial, target);
        return target;
      } catch (thrown) {
        await rm(partial, { recursive: true, force: true });
        throw asResourceError(thrown, target);
      }
    },
    /** The release as it was written; undefined before the first. */
    async release(name: string): Promise<unknown> {
      const text = await readFile(join(root, name, RELEASE_FILE), 'utf8').catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    async putRelease(name: string, release: unknown): Promise<void> {
      const partial = join(root, name, `.${RELEASE_FILE}-${process.pid}`);
      await writeFile(partial, `${JSON.stringify(release, null, 2)}\n`);
      await rename(partial, join(root, name, RELEASE_FILE));
    },
  };
}
