import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foldersIn } from './folders-in.ts';

/** Where models lie, each as `<name>/<version>/`. */
export interface ModelFolders {
  /** The models that come with Stepreel. */
  shipped: string;
  /** The models that were added on this machine. */
  added: string;
}

/** A model of a folder, by its place; its files have not been looked at. */
export interface PlacedModel {
  name: string;
  version: string;
  origin: keyof ModelFolders;
  folder: string;
}

/** The package's own `models`, and the folder in `STEPREEL_MODELS`, by default `.stepreel/models` at home. */
export function modelFolders(variables: Record<string, string | undefined> = process.env): ModelFolders {
  return {
    shipped: fileURLToPath(new URL('../../../models', import.meta.url)),
    added: variables.STEPREEL_MODELS || join(homedir(), '.stepreel', 'models'),
  };
}

/** The models of one folder by name, then from the oldest to the newest version. */
export async function modelsIn(folder: string, origin: keyof ModelFolders): Promise<PlacedModel[]> {
  const found: PlacedModel[] = [];
  for (const name of await foldersIn(folder)) {
    const versions = (await foldersIn(join(folder, name))).filter((version) => VERSION.test(version));
    for (const version of versions.sort(compareVersions)) {
      found.push({ name, version, origin, folder: join(folder, name, version) });
    }
  }
  return found;
}

const VERSION = /^\d+\.\d+\.\d+$/;

/** Orders versions of three numbers, 1.10.0 after 1.9.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}
