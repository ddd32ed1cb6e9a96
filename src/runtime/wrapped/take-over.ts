import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OUTPUT_DOCUMENT } from '#core/container-contract';
import { ContractError } from '#core/errors';
import { MANIFEST, PARTIAL_MARKER, SUCCESS_MARKER } from '#core/manifest';
import { eachSideBySide } from '#core/side-by-side';
import type { StepArtifacts } from '#core/step';

// Each may be sent in parts of many megabytes: more at once would want more memory than a small task has.
const SIDE_BY_SIDE = 2;

/** Names in a result that are the platform's. */
export const OUR_FILES = [
  MANIFEST,
  SUCCESS_MARKER,
  PARTIAL_MARKER,
  'receipt.json',
  'receipt.md',
  'result.json',
  'report.html',
] as const;

/**
 * Makes artifacts of everything that a program left in its output folder, but for output.json.
 * @throws ContractError for what is no plain file, or has a name that is ours.
 */
export async function takeOver(
  folder: string,
  { artifacts, isResult }: { artifacts: StepArtifacts; isResult: boolean },
): Promise<void> {
  const names = (await filesBelow(folder)).filter((name) => name !== OUTPUT_DOCUMENT);
  const taken = isResult ? names.filter((name) => (OUR_FILES as readonly string[]).includes(name)) : [];
  if (taken.length > 0) {
    throw new ContractError(`The program left ${taken.join(', ')}, which are names of ours. Choose others.`);
  }
  await eachSideBySide(names, SIDE_BY_SIDE, (name) =>
    artifacts.putFile(name, join(folder, name), isResult ? { result: name } : {}),
  );
}

async function filesBelow(folder: string, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(join(folder, prefix))).sort()) {
    const path = `${prefix}${name}`;
    const kind = await lstat(join(folder, path));
    if (kind.isDirectory()) found.push(...(await filesBelow(folder, `${path}/`)));
    else if (kind.isFile()) found.push(path);
    else {
      throw new ContractError(
        `The program left ${path}, which is no plain file: a link would be gone with the task. Write files only.`,
      );
    }
  }
  return found;
}
