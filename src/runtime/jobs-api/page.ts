import type { Hono } from 'hono';
import type { PageFile, PageFiles } from './page-files.ts';

export interface PagePorts {
  /** The job status page, as it was built. Without it there is none at `/`. */
  page?: PageFiles;
  /** Where the files of results and uploads lie, when that is not here: the origins of buckets. */
  fileOrigins?: string[];
}

// What its name stands for never changes.
const FOR_EVER = 'public, max-age=31536000, immutable';
// Asked for each time, and told by its ETag that nothing is new.
const EACH_TIME = 'no-cache';

/** Serves the page: `GET /` and `GET /assets/…`. Both are open: they tell nothing of any team. */
export function addPage(app: Hono, { page, fileOrigins = [] }: PagePorts): void {
  if (!page) return;
  const policy = pagePolicy(fileOrigins);
  app.get('/', async ({ req }) => {
    const file = await page.read('index.html');
    if (!file) throw new Error('The status page was built without an index.html; build it again.');
    const headers = {
      'Content-Security-Policy': policy,
      'Cache-Control': EACH_TIME,
      'Referrer-Policy': 'no-referrer',
      'X-Frame-Options': 'DENY',
    };
    return answer(file, req.header('If-None-Match'), headers);
  });
  app.get('/assets/:name', async (context, next) => {
    const file = await page.read(`assets/${context.req.param('name')}`);
    if (!file) return await next();
    return answer(file, context.req.header('If-None-Match'), { 'Cache-Control': FOR_EVER });
  });
}

/**
 * Only what we serve runs, and it speaks to us and to where files lie. Styles have no exception either: what a job's name
 * or error contains can be neither script nor style.
 */
export function pagePolicy(fileOrigins: string[]): string {
  const files = ["'self'", ...fileOrigins].join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${files}`,
    `img-src ${files} blob: data:`,
    `media-src ${files} blob:`,
    `frame-src ${files}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function answer({ body, mediaType, etag }: PageFile, known: string | undefined, headers: Record<string, string>) {
  const all = { ...headers, ETag: etag, 'X-Content-Type-Options': 'nosniff' };
  if (known === etag) return new Response(null, { status: 304, headers: all });
  return new Response(body, { headers: { ...all, 'Content-Type': mediaType } });
}
