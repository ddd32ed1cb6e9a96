import type { Operation } from './operation.ts';

/** What a first part of a path is about, in the order of reading. One that is not here is named after itself. */
const TOPICS: Record<string, { name: string; description?: string }> = {
  jobs: { name: 'Jobs', description: 'A job is one run of a workload over its input.' },
  uploads: { name: 'Uploads', description: 'Files of yours, on their way to be the input of a job.' },
  batches: { name: 'Batches', description: 'Many jobs by one request, counted and cancelled together.' },
  workloads: { name: 'Workloads', description: 'What jobs can be, and the schema of their parameters.' },
  queue: { name: 'Queue', description: 'What waits, why, and at which place.' },
  'dead-letters': { name: 'Dead letters', description: 'Jobs that failed, kept until somebody decides.' },
  webhooks: { name: 'Webhooks', description: 'Events of jobs, posted to a receiver of yours and signed.' },
  usage: { name: 'Usage', description: 'What was used, and what it cost.' },
  about: { name: 'About', description: 'The API itself.' },
  old: { name: 'Old names', description: 'For clients of the systems before this one: the same jobs, in their words.' },
};

const ALIKE: Record<string, string> = {
  '': 'about',
  health: 'about',
  docs: 'about',
  'openapi.json': 'about',
  stream: 'jobs',
  shared: 'jobs',
  predict: 'old',
  batch: 'old',
  worker: 'old',
};

/** The topic that an operation is read under. */
export function topicOf({ path }: Pick<Operation, 'path'>): string {
  const segment = path.split('/')[1]!;
  const key = ALIKE[segment] ?? segment;
  return Object.hasOwn(TOPICS, key) ? TOPICS[key]!.name : titled(segment);
}

/** The topics that there are operations of. */
export function topicsOf(operations: Pick<Operation, 'path'>[]): { name: string; description?: string }[] {
  const used = new Set(operations.map(topicOf));
  const known = Object.values(TOPICS).filter(({ name }) => used.delete(name));
  return [...known, ...Array.from(used, (name) => ({ name }))];
}

/** `price-list` → "Price list". */
function titled(segment: string): string {
  const words = segment.replaceAll('-', ' ');
  return `${words[0]!.toUpperCase()}${words.slice(1)}`;
}
