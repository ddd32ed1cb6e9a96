/** Where the page is, by the address behind `#`. */
export interface Route {
  page: 'jobs' | 'job' | 'shared' | 'submit' | 'batches' | 'batch' | 'queue' | 'usage' | 'unknown';
  /** What the page is about: a job's id, a link's token. */
  id?: string;
  query: URLSearchParams;
}

const PAGES: Record<string, [list: Route['page'], one?: Route['page']]> = {
  '': ['jobs'],
  jobs: ['jobs', 'job'],
  shared: ['unknown', 'shared'],
  submit: ['submit'],
  batches: ['batches', 'batch'],
  queue: ['queue'],
  usage: ['usage'],
};

export function routeOf(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', id] = path.split('/').map(decodeURIComponent);
  const [list, one] = Object.hasOwn(PAGES, first) ? PAGES[first]! : (['unknown'] as const);
  const query = new URLSearchParams(search);
  if (!id) return { page: list, query };
  return one ? { page: one, id, query } : { page: 'unknown', query };
}

export function jobHref(id: string): string {
  return `#/jobs/${encodeURIComponent(id)}`;
}
