import type { Teams } from './teams.ts';

export interface TeamLimitsOptions {
  teams: Pick<Teams, 'byName'>;
  /** Of a team whose record says nothing else. */
  usual: number;
  now?: () => number;
}

// A team is raised by hand and rarely; every job asks.
const REMEMBERED_MS = 60_000;

/** How many jobs of a team may be under way at once, by its record. */
export function openTeamLimits({ teams, usual, now = Date.now }: TeamLimitsOptions) {
  const known = new Map<string, { limit: number; until: number }>();

  return async (team: string): Promise<number> => {
    const found = known.get(team);
    if (found && found.until > now()) return found.limit;
    const limit = (await teams.byName(team))?.limit ?? usual;
    known.set(team, { limit, until: now() + REMEMBERED_MS });
    return limit;
  };
}
