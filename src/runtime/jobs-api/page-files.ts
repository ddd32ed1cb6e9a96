import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { sha256Hex } from '#core/names';

export interface PageFile {
  body: string;
  mediaType: string;
  etag: string;
}

/** The files of the built page, by their paths: `index.html`, `assets/main-2F4K.js`. */
export interface PageFiles {
  read(path: string): Promise<PageFile | undefined>;
}

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A page that was built into a folder, each file read once; undefined when nothing was. */
export function pageInFolder(folder: string): PageFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  return pageOf(async (path) => {
    const isOurs = path === 'index.html' || /^assets\/[\w.-]+$/.test(path);
    return isOurs && existsSync(join(folder, path)) ? await readFile(join(folder, path), 'utf8') : undefined;
  });
}

/** A page of texts that somebody else finds. */
export function pageOf(textOf: (path: string) => Promise<string | undefined>): PageFiles {
  const found = new Map<string, PageFile>();
  return {
    async read(path) {
      const kept = found.get(path);
      if (kept) return kept;
      const body = await textOf(path);
      const mediaType = MEDIA_TYPES[extname(path)];
      if (body === undefined || mediaType === undefined) return undefined;
      const file = { body, mediaType, etag: `"${sha256Hex(body).slice(0, 16)}"` };
      found.set(path, file);
      return file;
    },
  };
}
