import { InputError } from '#core/errors';

/** Where a model is fetched from: files are found by their name below a place. */
export type ModelAddress =
  | { kind: 'hf'; repository: string; revision: string; folder: string }
  | { kind: 'mlflow'; name: string; version: string }
  | { kind: 's3'; bucket: string; prefix: string }
  | { kind: 'https'; base: string };

const EXPECTED = [
  'hf:owner/model@revision[/folder]',
  'mlflow:name/version',
  's3://bucket/folder/',
  'https://host/folder/',
].join(', ');

/** Reads an address as a person writes it. @throws InputError that says what an address looks like. */
export function parseModelAddress(text: string): ModelAddress {
  const hf = /^hf:([\w.-]+\/[\w.-]+)@([\w.-]+)(?:\/([\w./-]+?))?\/?$/.exec(text);
  if (hf) return { kind: 'hf', repository: hf[1]!, revision: hf[2]!, folder: folderOf(hf[3]) };
  const mlflow = /^mlflow:([^/]+)\/(\d+)$/.exec(text);
  if (mlflow) return { kind: 'mlflow', name: mlflow[1]!, version: mlflow[2]! };
  const s3 = /^s3:\/\/([a-z0-9.-]+)\/(.*)$/.exec(text);
  if (s3) return { kind: 's3', bucket: s3[1]!, prefix: folderOf(s3[2]) };
  if (text.startsWith('https://') && URL.canParse(text)) return { kind: 'https', base: folderOf(text) };
  const remedy = text.startsWith('hf:') && !text.includes('@') ? ' A branch moves: name a revision behind @.' : '';
  throw new InputError(`${JSON.stringify(text)} is no address of a model. Expected one of ${EXPECTED}.${remedy}`);
}

function folderOf(path = ''): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}
