import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputNotFoundError } from '#core/errors';

/**
 * Why the API at home may not read an input: it lies below none of the input roots. Real paths are compared, so neither
 * `..` nor a link leads out. @throws InputNotFoundError for a root that is not there.
 */
export function refuseOutsideInput(inputRoots: string[]): (uri: string) => string | undefined {
  const roots = inputRoots.map(realRoot);
  const isInside = (path: string) => roots.some((root) => isBelow(path, root));

  return (uri) => {
    const outside = `${uri} lies below no input root (${roots.join(', ')}); start stepreel dev with another --input-root`;
    try {
      const path = pathOf(uri);
      if (path === undefined) return `${uri} is neither an absolute path nor a file: URL`;
      return isInside(realpathSync(path)) ? undefined : outside;
    } catch (thrown) {
      // Whether a file is there is told only of places that may be read.
      const path = isAbsolute(uri) ? resolve(uri) : '';
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT' && isInside(path)) return `${uri}: there is no such file`;
      return outside;
    }
  };
}

/** The same of a prefix, which is the beginning of paths: the folder that it looks into has to be a root or below one. */
export function refuseOutsidePrefix(inputRoots: string[]): (prefix: string) => string | undefined {
  const roots = inputRoots.map(realRoot);
  return (prefix) => {
    let path: string | undefined;
    try {
      path = pathOf(prefix);
      if (path === undefined) return `${prefix} is neither an absolute path nor a file: URL`;
      const folder = realpathSync(path.endsWith('/') ? path : dirname(path));
      if (roots.some((root) => folder === root || isBelow(folder, root))) return undefined;
    } catch {
      // Whether it is there is told only of places that may be read, by looking into it.
      if (path !== undefined && roots.some((root) => isBelow(resolve(path!), root))) return undefined;
    }
    return `${prefix} lies below no input root (${roots.join(', ')}); start stepreel dev with another --input-root`;
  };
}

function realRoot(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw new InputNotFoundError(`The input root ${folder} is not there. Name a folder that is with --input-root.`, {
      details: { folder },
      cause,
    });
  }
}

function pathOf(uri: string): string | undefined {
  if (isAbsolute(uri)) return uri;
  return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
