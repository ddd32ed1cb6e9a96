import { expect, it } from 'vitest';
import { openTeamLimits } from '#adapters/aws/team-limits';
import type { Team } from '#adapters/aws/teams';

it('is a team’s own limit or the usual one, and is asked for once a minute', async () => {
  const asked: string[] = [];
  const red: Team = { team: 'red', plan: 'standard', usageKey: 'key', limit: 7 };
  let now = 0;
  const limitOf = openTeamLimits({
    usual: 20,
    now: () => now,
    teams: {
      async byName(name) {
        asked.push(name);
        return name === 'red' ? red : undefined;
      },
    },
  });
  expect([await limitOf('red'), await limitOf('red'), await limitOf('blue')]).toEqual([7, 7, 20]);
  red.limit = 9;
  now = 60_001;
  expect(await limitOf('red')).toBe(9);
  expect(asked).toEqual(['red', 'blue', 'red']);
});
