import { describe, expect, it } from 'vitest';
import { openInputFile } from '#adapters/local/input-files';
import { reconstructParams } from '#workloads/reconstruct/contract';
import { estimate, type Outlook } from '#workloads/reconstruct/estimate';
import { preview } from '#workloads/reconstruct/preview';
import { clipOfPictures } from '../../helpers/example-clips.ts';
import { testFolder } from '../../helpers/folder.ts';

const EXAMPLE: Outlook = {
  ...{ preset: 'low', frames: 34, width: 480, height: 360, pairing: 'sequential', mesh: true, cores: 1 },
};

describe('the estimate before a run', () => {
  it('gives back what was measured for the example it was measured on, to a fifth', () => {
    const { seconds, features } = estimate(EXAMPLE);
    const near = (value: number, measured: number) => expect(Math.abs(value / measured - 1)).toBeLessThan(0.2);
    near(features, 1_760);
    near(seconds.ExtractFeatures, 10.6);
    near(seconds.MatchFeatures, 43.5);
    near(seconds.EstimateCameras, 8);
    near(seconds.BuildMesh, 16);
  });

  it.each([
    { name: 'all pairs', outlook: { pairing: 'exhaustive', frames: 100 }, pairs: 4_950 },
    {
      name: 'neighbours, and jumps of 16 to 128',
      outlook: { pairing: 'sequential', frames: 200 },
      pairs: 200 * (8 + 4),
    },
    { name: 'what a tree proposes', outlook: { pairing: 'vocabularyTree', frames: 300 }, pairs: 18_000 },
  ] as const)('counts pairs: $name', ({ outlook, pairs }) => {
    expect(estimate({ ...EXAMPLE, ...outlook }).pairs).toBe(pairs);
  });

  it('tells the memory of matching that docs/decisions/0050 has: 64, 256 and 576 MiB a thread', () => {
    const large = { width: 4000, height: 3000 };
    const memory = (preset: Outlook['preset']) => estimate({ ...EXAMPLE, ...large, preset }).matchingMiB;
    expect([memory('low'), memory('medium'), memory('high')]).toEqual([64, 256, 576]);
  });
});

it('a dry run says what a clip would become', async () => {
  const folder = await testFolder();
  const grey = new Uint8Array(3 * 64 * 48).fill(90);
  const input = [await clipOfPictures(Array(30).fill(grey), folder, { width: 64, height: 48 })];
  const lines = await preview({
    input,
    params: reconstructParams.parse({ preset: 'low', threads: 1, dense: false }),
    open: openInputFile,
    models: {} as never,
  });
  const told = Object.fromEntries(lines.map(({ what, value }) => [what, value]));
  expect(told).toMatchObject({ seconds: '3.00', 'frames used': 'at most 30 of 30', 'dense cloud': 'not asked for' });
  expect(told['pairs compared']).toMatch(/^at most 435 \(exhaustive\)/);
  expect(told['time here']).toMatch(/^about .*ExtractFeatures .*MatchFeatures .*EstimateCameras /);
});
