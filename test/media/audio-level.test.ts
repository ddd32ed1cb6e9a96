import { expect, it } from 'vitest';
import { openLevelMeter, SILENCE_DB } from '#media/audio-level';
import { tone } from '../helpers/wav-files.ts';

function levelOf(...blocks: Float32Array[]) {
  const meter = openLevelMeter();
  for (const block of blocks) meter.add(block);
  return meter.level();
}

it('a sine at half of full scale is 9 dB below it, its peak 6 dB', () => {
  const { rmsDb, peakDb } = levelOf(tone(440, 1));
  expect(rmsDb).toBeCloseTo(-9.03, 1);
  expect(peakDb).toBeCloseTo(-6.02, 1);
});

it('silence has the level of silence, and so has nothing', () => {
  expect(levelOf(new Float32Array(100))).toEqual({ rmsDb: SILENCE_DB, peakDb: SILENCE_DB, clippedShare: 0 });
  expect(levelOf()).toEqual({ rmsDb: SILENCE_DB, peakDb: SILENCE_DB, clippedShare: 0 });
});

it('samples at full scale on either side are clipped', () => {
  expect(levelOf(Float32Array.from([1, -1, 0.5]), Float32Array.from([0])).clippedShare).toBe(0.5);
});
