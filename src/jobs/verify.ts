import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { InputError, InputNotFoundError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import {
  isSealIntact,
  MANIFEST,
  type Manifest,
  manifestSchema,
  markerFor,
  PARTIAL_MARKER,
  SUCCESS_MARKER,
  UNHASHED,
} from '#core/manifest';

export interface Verification {
  outcome: Manifest['outcome'];
  /** How many files the manifest lists. */
  files: number;
  /** What differs from the manifest, a sentence each; empty when the result is what it was. */
  problems: string[];
}

/**
 * Compares a result folder with its manifest: every file there, of the same bytes, nothing else, and the marker that fits
 * the outcome. @throws InputNotFoundError when there is no such result; InputError when its manifest can't be read.
 */
export async function verifyResult(folder: string): Promise<Verification> {
  const { manifest, intact } = await readManifest(folder);
  const found = new Set(await filesBelow(folder));
  const problems = intact ? [] : [`${MANIFEST} was changed: its seal does not fit`];
  for (const [path, expected] of Object.entries(manifest.files)) {
    if (!found.has(path)) {
      problems.push(`${path} is missing`);
      continue;
    }
    const { sha256, bytes } = await digestFile(join(folder, path));
    if (bytes !== expected.bytes) problems.push(`${path} has ${bytes} bytes instead of ${expected.bytes}`);
    else if (sha256 !== expected.sha256) problems.push(`${path} was changed: its SHA-256 is ${sha256}`);
  }
  const known = new Set<string>([...Object.keys(manifest.files), ...UNHASHED]);
  for (const path of found) if (!known.has(path)) problems.push(`${path} is not in the manifest`);
  return {
    outcome: manifest.outcome,
    files: Object.keys(manifest.files).length,
    problems: [...problems, ...(await markerProblems(manifest, found, folder))],
  };
}

async function markerProblems({ outcome }: Manifest, found: Set<string>, folder: string): Promise<string[]> {
  const right = markerFor(outcome);
  const wrong = right === SUCCESS_MARKER ? PARTIAL_MARKER : SUCCESS_MARKER;
  const size = found.has(right) ? (await stat(join(folder, right))).size : 0;
  return [
    ...(size === 0 ? [] : [`${right} is not empty`]),
    ...(found.has(right) ? [] : [`${right} is missing, and the manifest says ${outcome}`]),
    ...(found.has(wrong) ? [`${wrong} is there, and the manifest says ${outcome}`] : []),
  ];
}

async function readManifest(folder: string): Promise<{ manifest: Manifest; intact: boolean }> {
  const file = join(folder, MANIFEST);
  await access(file).catch((cause) => {
    throw new InputNotFoundError(`${folder} is not a result: it has no ${MANIFEST}.`, { details: { folder }, cause });
  });
  try {
    const text = await readFile(file, 'utf8');
    return { manifest: manifestSchema.parse(JSON.parse(text)), intact: isSealIntact(text) };
  } catch (cause) {
    throw new InputError(`${file} is not a manifest: ${(cause as Error).message}`, { details: { file }, cause });
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
