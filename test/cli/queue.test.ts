import { expect, it } from 'vitest';
import { describeQueue } from '../../cli/show-queue.ts';
import { startDevServer } from '../helpers/dev-server.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

it('tells of pools, teams and what waits, with ages that people read', () => {
  const told = describeQueue({
    pools: [
      { pool: 'cpu', isPaused: true, underWay: 20, limit: 20, waiting: 3, oldestSeconds: 119 },
      { pool: 'gpu', isPaused: false, underWay: 0, limit: 4, waiting: 0 },
    ],
    teams: [{ team: 'red', underWay: 5, limit: 5 }],
    lanes: [
      { pool: 'cpu', priority: 'high', team: 'red', waiting: 2, oldestSeconds: 600 },
      { pool: 'cpu', priority: 'low', team: 'red', waiting: 1, oldestSeconds: 7200 },
    ],
  });
  expect(told).toBe(`cpu  20 of 20 under way, 3 waiting, the oldest for 119 s  PAUSED
gpu  0 of 4 under way, 0 waiting
team red  5 of 5 under way
waiting  cpu  high  red  2, the oldest for 10 min
waiting  cpu  low  red  1, the oldest for 2 h
`);
});

it('pauses and resumes the queue of stepreel dev, which has the places that it was given', async () => {
  const cwd = aFolder();
  const { url, stop } = await startDevServer(cwd, ['--jobs', '7']);
  const queue = async (...args: string[]) => await stepreel(['queue', ...args, '--api', url], { cwd });
  expect((await queue('pause', 'gpu')).stdout).toMatch(/^cpu {2}0 of 7 under way, 0 waiting\ngpu .* PAUSED\n/);
  expect((await queue()).stdout).toContain('PAUSED');
  expect((await queue('resume')).stdout).not.toContain('PAUSED');
  expect(await queue('pause', 'tpu')).toMatchObject({ code: 64 });
  const { documents } = await stepreel(['--json', 'queue', '--api', url], { cwd });
  expect(documents).toMatchObject([{ event: 'queue', pools: [{ pool: 'cpu', limit: 7 }, { pool: 'gpu' }] }]);
  expect((await stop()).code).toBe(0);
}, 30_000);
