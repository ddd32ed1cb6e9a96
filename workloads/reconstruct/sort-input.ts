import { InputError } from '#core/errors';
import type { JobInput } from '#core/job';
import { MASK_ENDING, TREE_ENDING } from './defaults.ts';

/** What was submitted, told apart by names. */
export interface SortedInput {
  media: JobInput[];
  trees: JobInput[];
  /** Pictures that are black where nothing is to be looked for. */
  masks: JobInput[];
}

export function sortInput(inputs: readonly JobInput[]): SortedInput {
  const trees = inputs.filter(({ name }) => name.toLowerCase().endsWith(TREE_ENDING));
  const masks = inputs.filter(({ name }) => isMask(name));
  return { media: inputs.filter((input) => !trees.includes(input) && !masks.includes(input)), trees, masks };
}

/** The mask of a picture or video: `a.mask.png` or `a.jpg.mask.png` for `a.jpg`, else `mask.png`, which is for all. */
export function maskOf(name: string, masks: readonly JobInput[]): JobInput | undefined {
  const own = [name, withoutEnding(name)].map((start) => `${start}${MASK_ENDING}`);
  return masks.find((mask) => own.includes(mask.name)) ?? masks.find((mask) => isForAll(mask.name));
}

/** @throws InputError for a mask that belongs to nothing, which is a misspelt name. */
export function requireMasksOfMedia({ media, masks }: SortedInput): void {
  const used = new Set(media.map(({ name }) => maskOf(name, masks)));
  const idle = masks.filter((mask) => !used.has(mask));
  if (idle.length === 0) return;
  throw new InputError(
    `${idle[0]!.name} is a mask of nothing that was sent${idle.length > 1 ? `, and so are ${idle.length - 1} more` : ''}. ` +
      `Name the mask of a.jpg a${MASK_ENDING}, or send one mask.png for all.`,
  );
}

function isMask(name: string): boolean {
  return name.toLowerCase().endsWith(MASK_ENDING) || isForAll(name);
}

function isForAll(name: string): boolean {
  return /(^|\/)mask\.png$/i.test(name);
}

function withoutEnding(name: string): string {
  return name.replace(/\.[^./]*$/, '');
}
