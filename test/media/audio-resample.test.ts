import { describe, expect, it } from 'vitest';
import { openResampler } from '#media/audio-resample';
import { tone } from '../helpers/wav-files.ts';

function resampled(samples: Float32Array, fromHz: number, toHz: number, blockSamples = samples.length): Float32Array {
  const resampler = openResampler(fromHz, toHz);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += blockSamples)
    out.push(...resampler.push(samples.subarray(at, at + blockSamples)));
  return Float32Array.from([...out, ...resampler.end()]);
}

/** Root of the mean square, away from the edges. */
function level(samples: Float32Array): number {
  const inner = samples.subarray(800, samples.length - 800);
  return Math.sqrt(inner.reduce((sum, sample) => sum + sample * sample, 0) / inner.length);
}

describe('a tone below half of both rates comes out as it was, without delay', () => {
  it.each([8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000])('from %i Hz', (fromHz) => {
    const out = resampled(tone(1000, 0.5, fromHz), fromHz, 16_000);
    const ideal = tone(1000, 0.5, 16_000);
    expect(out).toHaveLength(Math.ceil((Math.round(0.5 * fromHz) * 16_000) / fromHz));
    let worst = 0;
    for (let at = 800; at < 7000; at += 1) worst = Math.max(worst, Math.abs(out[at]! - ideal[at]!));
    expect(worst).toBeLessThan(0.002);
  });
});

it('what lies above half of the new rate is gone, by 60 dB at least', () => {
  const out = resampled(tone(11_000, 0.5, 48_000), 48_000, 16_000);
  expect(level(out)).toBeLessThan(0.35 / 1000);
});

it('blocks of any length give the same bytes', () => {
  const samples = tone(700, 0.3, 44_100);
  const whole = resampled(samples, 44_100, 16_000);
  for (const block of [1, 7, 160, 4096]) expect(resampled(samples, 44_100, 16_000, block)).toEqual(whole);
});

it('equal rates change nothing', () => {
  const samples = tone(700, 0.1);
  expect(resampled(samples, 16_000, 16_000, 100)).toEqual(samples);
});
