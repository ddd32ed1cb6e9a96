import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '#core/errors';
import type { InputListing } from '#core/ports';

/** Files of this machine by the beginning of their paths, in folders below too. Links lead elsewhere and are passed by. */
export function openInputListing(): InputListing {
  return {
    async *below(prefix) {
      const path = pathOf(prefix);
      const folder = path.slice(0, path.lastIndexOf('/') + 1);
      yield* filesBelow(folder, path);
    },
  };
}

async function* filesBelow(folder: string, prefix: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new InputError(`${folder} can't be listed: ${(cause as Error).message}`, { details: { folder }, cause });
  });
  for (const entry of entries.sort((a, b) => Number(a.name > b.name) - Number(a.name < b.name))) {
    const path = join(folder, entry.name);
    if (!path.startsWith(prefix) && !prefix.startsWith(`${path}/`)) continue;
    if (entry.isDirectory()) yield* filesBelow(`${path}/`, prefix);
    else if (entry.isFile()) yield path;
  }
}

function pathOf(prefix: string): string {
  // Its last part may be the beginning of a name, so that "a/b/" and "a/b" are two prefixes.
  const path = prefix.startsWith('file:') && URL.canParse(prefix) ? fileURLToPath(prefix) : prefix;
  if (isAbsolute(path)) return path.endsWith('/') ? `${join(path, '.')}/` : join(path);
  throw new InputError(
    `${JSON.stringify(prefix)} is neither an absolute path nor a file: URL, which is what a prefix on this machine is.`,
    { details: { prefix } },
  );
}
