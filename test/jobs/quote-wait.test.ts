import { describe, expect, it } from 'vitest';
import type { Lane } from '#core/queue';
import { expectedWait, type WaitPorts } from '#jobs/quote-wait';

interface Busy {
  /** How many jobs wait, by `priority#team`. */
  waiting?: Record<string, number>;
  taken?: number;
  takenByTeam?: number;
  paused?: boolean;
}

const lane: Lane = { pool: 'cpu', priority: 'normal', team: 'red' };

/** A pool of four places, of which a team may have two. */
function wait({ waiting = {}, taken = 0, takenByTeam = 0, paused = false }: Busy, asked: Partial<Lane> = {}) {
  const lease = { holder: 'e', jobId: 'j', token: 't', until: '2026-01-01T00:00:00Z' };
  const lanes = Object.keys(waiting).map((name) => {
    const [priority, team] = name.split('#') as [Lane['priority'], string];
    return { pool: 'cpu' as const, priority, team };
  });
  const ports: WaitPorts = {
    jobs: { lanes: async () => lanes, depth: async ({ priority, team }) => waiting[`${priority}#${team}`]! },
    leases: {
      held: async (quota) => Array(quota.startsWith('pool') ? taken : takenByTeam).fill(lease),
      paused: async () => (paused ? ['cpu'] : []),
    },
    limits: { pools: { cpu: 4, gpu: 4 }, team: async () => 2 },
  };
  return expectedWait({ ...lane, ...asked }, 100, ports);
}

describe('the wait for a turn', () => {
  it('is none where there is a place', async () => {
    expect(await wait({ taken: 3, takenByTeam: 1 })).toEqual({ seconds: 0, reason: 'There is a place for it now.' });
  });

  it.each<{ what: string; busy: Busy; asked?: Partial<Lane>; seconds: number }>([
    { what: 'the pool is full', busy: { taken: 4 }, seconds: 25 },
    { what: 'the team has its fill', busy: { taken: 2, takenByTeam: 2 }, seconds: 50 },
    { what: 'eight jobs are ahead in a full pool', busy: { taken: 4, waiting: { 'normal#blue': 8 } }, seconds: 225 },
    { what: 'more are ahead than there are places free', busy: { taken: 2, waiting: { 'high#blue': 2 } }, seconds: 25 },
    { what: 'those that wait are of a lower priority', busy: { taken: 4, waiting: { 'low#blue': 8 } }, seconds: 25 },
    {
      what: 'it is itself of a low priority',
      busy: { taken: 4, waiting: { 'low#blue': 1, 'high#red': 2 } },
      asked: { priority: 'low' },
      seconds: 100,
    },
  ])('is $seconds s of jobs of 100 s when $what', async ({ busy, asked, seconds }) => {
    expect((await wait(busy, asked)).seconds).toBe(seconds);
  });

  it('says what it is told from', async () => {
    const { reason } = await wait({ taken: 4, takenByTeam: 1, waiting: { 'normal#blue': 3 } });
    expect(reason).toBe(
      '3 jobs are ahead of it, and 4 of 4 places in the cpu pool and 1 of the 2 of the team are taken.',
    );
  });

  it('is not known while the pool is paused', async () => {
    const { seconds, reason } = await wait({ paused: true });
    expect(seconds).toBeUndefined();
    expect(reason).toMatch(/paused/);
  });
});
