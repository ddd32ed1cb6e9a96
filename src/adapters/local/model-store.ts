import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { asResourceError } from '#core/disk-full';
import { InputError, ModelError, StepreelError } from '#core/errors';
import { sha256Hex } from '#core/names';
import type { ModelDigests } from '#core/ports';
import type { ModelFiles, ModelSource } from '#core/step';
import { type AnyModel, loadAnyModel, MODEL_FILE, readDescription } from '#inference/models';
import { requireFreeDisk } from '../disk.ts';
import { compareVersions, type ModelFolders, modelFolders, modelsIn, type PlacedModel } from './model-folders.ts';
import { PROMOTED, promotedVersion } from './promoted-models.ts';

/** The models on this machine. */
export interface ModelStore extends ModelSource, ModelDigests {
  /**
   * `ref` is `name@version`, `name` for its newest version, `name@promoted` for the one that passed its gate, or the path of a folder (with a slash, or beginning with a
   * dot). The same `name@version` means the same bytes everywhere, so a shipped model wins over an added one.
   * @throws ModelError when there is no such model or its weights have another digest.
   */
  fetch(ref: string): Promise<ModelFiles>;
  /** All models, shipped and added, by name and version. @throws ModelError for a model.json that can't be read. */
  list(): Promise<ListedModel[]>;
  /**
   * Copies a model folder into the added ones, after checking digest and shapes.
   * @throws ModelError when it is not sound. @throws InputError when that name and version are taken.
   */
  add(folder: string): Promise<ModelFiles>;
  /** Checks digests and shapes of all models, or of the one that `ref` names. */
  verify(ref?: string): Promise<CheckedModel[]>;
}

/** A model and what its model.json says of it. */
export interface ListedModel extends PlacedModel, Pick<AnyModel, 'task' | 'license' | 'classes'> {}

/** A model and what is wrong with it, if anything is. */
export interface CheckedModel {
  name: string;
  version: string;
  folder: string;
  problem?: string;
}

/** Opens the models in the shipped and the user's folder; neither has to exist. */
export function openModelStore(folders: ModelFolders = modelFolders()): ModelStore {
  return {
    fetch: async (ref) => filesOf(await loadAsNamed(await locate(ref, folders))),
    digest: async (ref) => digestDescription((await locate(ref, folders)).folder),
    list: async () => Promise.all((await placedModels(folders)).map(describe)),
    add: (folder) => addModel(folder, folders),
    verify: async (ref) => {
      const models = ref === undefined ? await placedModels(folders) : [await locate(ref, folders)];
      const checked: CheckedModel[] = [];
      for (const model of models) checked.push(await check(model));
      return checked;
    },
  };
}

/** Where a model lies; name and version are known before its files are read unless it was named by a path. */
type Located = Pick<PlacedModel, 'folder'> & Partial<PlacedModel>;

async function locate(ref: string, folders: ModelFolders): Promise<Located> {
  if (isPath(ref)) return { folder: ref };
  const [name = '', wanted] = ref.split('@');
  const version = wanted === PROMOTED ? await promotedVersion(name, folders) : wanted;
  const models = await placedModels(folders);
  const found = models.filter((model) => model.name === name && (version === undefined || model.version === version));
  const newest = found.at(-1);
  if (newest) return newest;
  const known = models.map((model) => `${model.name}@${model.version}`);
  throw new ModelError(
    `There is no model ${ref}. Choose from: ${known.join(', ') || 'none yet'}; or add it with \`stepreel models add\`.`,
    { details: { ref, known } },
  );
}

function isPath(ref: string): boolean {
  return isAbsolute(ref) || ref.startsWith('.') || /[/\\]/.test(ref);
}

async function placedModels({ shipped, added }: ModelFolders): Promise<PlacedModel[]> {
  const ours = await modelsIn(shipped, 'shipped');
  const taken = new Set(ours.map(({ name, version }) => `${name}@${version}`));
  const theirs = (await modelsIn(added, 'added')).filter(({ name, version }) => !taken.has(`${name}@${version}`));
  return [...ours, ...theirs].sort(
    (a, b) => Number(a.name > b.name) - Number(a.name < b.name) || compareVersions(a.version, b.version),
  );
}

async function digestDescription(folder: string): Promise<string> {
  const description = await readFile(join(folder, MODEL_FILE)).catch((cause: unknown) => {
    throw new ModelError(`Expected a ${MODEL_FILE} in ${folder}, found none that can be read. Add one.`, { cause });
  });
  return sha256Hex(description);
}

async function describe(placed: PlacedModel): Promise<ListedModel> {
  const { task, license, classes } = await readDescription(placed.folder);
  return { ...placed, task, license, classes };
}

async function loadAsNamed({ folder, name, version }: Located): Promise<AnyModel> {
  const model = await loadAnyModel(folder);
  if (name !== undefined) assertIsNamed(model, `${name}@${version}`);
  return model;
}

function assertIsNamed(model: AnyModel, expected: string): void {
  const found = `${model.name}@${model.version}`;
  if (found === expected) return;
  throw new ModelError(
    `Expected ${expected} in ${model.folder}, found a ${MODEL_FILE} of ${found}. Move the folder or correct ${MODEL_FILE}.`,
  );
}

function filesOf({ name, version, folder, weights }: AnyModel): ModelFiles {
  return { name, version, folder, sha256: weights.sha256 };
}

async function addModel(source: string, folders: ModelFolders): Promise<ModelFiles> {
  const model = await checkModel(source);
  const { name, version, weights, card } = model;
  const taken = (await placedModels(folders)).find((placed) => placed.name === name && placed.version === version);
  if (taken) {
    throw new InputError(
      `${name}@${version} is there already, in ${taken.folder}. Give the new one another version in ${MODEL_FILE}.`,
    );
  }
  const target = join(folders.added, name, version);
  await mkdir(dirname(target), { recursive: true });
  await requireFreeDisk(folders.added, (await stat(model.weightsPath)).size);
  await copyAsOne(source, [MODEL_FILE, weights.file, ...(card ? [card] : [])], target);
  return filesOf({ ...model, folder: target });
}

/** Copies files so that the target folder is there with all of them or not at all. */
async function copyAsOne(source: string, files: readonly string[], target: string): Promise<void> {
  const partial = await mkdtemp(join(dirname(target), '.adding-'));
  try {
    for (const file of files) await cp(join(source, file), join(partial, file));
    await rename(partial, target);
  } catch (thrown) {
    await rm(partial, { recursive: true, force: true });
    throw asResourceError(thrown, target);
  }
}

async function check(located: Located): Promise<CheckedModel> {
  const { folder, name = folder, version = '' } = located;
  try {
    const model = await checkModel(folder);
    if (located.name !== undefined) assertIsNamed(model, `${name}@${version}`);
    return { name: model.name, version: model.version, folder };
  } catch (thrown) {
    if (!(thrown instanceof StepreelError)) throw thrown;
    return { name, version, folder, problem: thrown.message };
  }
}

/** Only here, because it loads the inference runtime, which most commands can do without. */
async function checkModel(folder: string): Promise<AnyModel> {
  const { checkModel } = await import('#inference/check-model');
  return checkModel(folder);
}
