import { ContractError } from './errors.ts';

/**
 * A key or result path that is safe as a path below a folder: names separated by single slashes, none of them `.` or
 * `..`. @throws ContractError for one that is not, and might leave the folder.
 */
export function requireKey(key: string): string {
  const names = key.split('/');
  const safe = names.every((name) => name !== '' && name !== '.' && name !== '..' && !/[\\\0]/.test(name));
  if (safe) return key;
  throw new ContractError(
    `${JSON.stringify(key)} is not an artifact key: expected names separated by single slashes, without "." and "..".`,
    { details: { key } },
  );
}
