import type { Notice } from '#core/notices';

/** A notice for tests. */
export function aNotice(changes: Partial<Notice> = {}): Notice {
  return {
    id: 'evt_0123456789abcdef0123456789abcdef',
    type: 'job-end',
    time: '2026-01-01T00:01:00.000Z',
    job: {
      id: 'toy-1',
      workload: 'toy',
      team: 'red',
      project: 'default',
      status: 'SUCCEEDED',
      links: { self: 'jobs/toy-1', results: 'jobs/toy-1/results' },
    },
    ...changes,
  };
}
