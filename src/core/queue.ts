/** In the order in which jobs are admitted. */
export const PRIORITIES = ['high', 'normal', 'low'] as const;

export type Priority = (typeof PRIORITIES)[number];

/** What jobs wait for: a job that is planned on a GPU anywhere needs that, any other one CPU alone. */
export const POOLS = ['cpu', 'gpu'] as const;

export type Pool = (typeof POOLS)[number];
