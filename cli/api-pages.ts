import type { z } from 'zod';
import type { ApiClient, ApiQuestion } from './api-client.ts';

/** The pages of a list, each asked for when the one before was dealt with. */
export async function* apiPages<Page extends { next?: string | undefined }>(
  api: Pick<ApiClient, 'ask'>,
  path: string,
  schema: z.ZodType<Page>,
  query: ApiQuestion['query'] = {},
): AsyncGenerator<Page> {
  let cursor: string | undefined;
  do {
    const page = await api.ask('GET', path, schema, { query: { ...query, cursor } });
    yield page;
    cursor = page.next;
  } while (cursor !== undefined);
}
