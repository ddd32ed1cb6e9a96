/** In the order in which jobs are admitted. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** What jobs wait for: a job that is planned on a GPU anywhere needs that, any other one CPU alone. */
export const POOLS = ['cpu', 'gpu'] as const;

export type Pool = (typeof POOLS)[number];

/** Where a job waits: behind those of its team, pool and priority that were recorded before it. */
export interface Lane {
  pool: Pool;
  priority: Priority;
  team: string;
}

/** One text for a lane, as stores keep it. */
export function laneName({ pool, priority, team }: Lane): string {
  return [pool, priority, team].join('#');
}

/** The lane of a name that `laneName` gave. */
export function laneOf(name: string): Lane {
  const [pool, priority, ...team] = name.split('#');
  return { pool: pool as Pool, priority: priority as Priority, team: team.join('#') };
}
