import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { monoBlocks, openMonoWav, probeWav, writeMonoWav } from '#media/wav';
import { testFolder } from '../helpers/folder.ts';
import { sourceOf, tone, wavBytes } from '../helpers/wav-files.ts';

async function samplesOf(bytes: Uint8Array): Promise<Float32Array> {
  const source = sourceOf(bytes);
  const blocks: number[] = [];
  for await (const block of monoBlocks(source, await probeWav(source, 'a.wav'))) blocks.push(...block);
  return Float32Array.from(blocks);
}

const probe = (bytes: Uint8Array) => probeWav(sourceOf(bytes), 'a.wav');

describe('a wav file is read as samples from -1 to 1', () => {
  it.each([
    { name: '8-bit', encoding: 'pcm8', step: 1 / 128 },
    { name: '16-bit', encoding: 'pcm16', step: 1 / 32_768 },
    { name: '24-bit', encoding: 'pcm24', step: 1 / 8_388_608 },
    { name: '32-bit', encoding: 'pcm32', step: 1e-7 },
    { name: 'float', encoding: 'float32', step: 1e-7 },
    { name: 'double', encoding: 'float64', step: 1e-7 },
  ] as const)('$name', async ({ encoding, step }) => {
    const samples = Float32Array.from([0, 0.5, -0.5, 0.25, -1, 0.999, 1 / 3]);
    const read = await samplesOf(wavBytes(samples, { encoding }));
    expect(read).toHaveLength(samples.length);
    for (const [at, sample] of samples.entries()) expect(Math.abs(read[at]! - sample)).toBeLessThanOrEqual(step);
  });

  it('stereo is mixed into one', async () => {
    const [left, right] = [Float32Array.from([0.5, 0.5, -1]), Float32Array.from([0.5, -0.5, 0])];
    expect([...(await samplesOf(wavBytes([left, right])))]).toEqual([0.5, 0, -0.5]);
  });

  it('the extensible header and chunks of odd length before the samples are stepped over', async () => {
    const bytes = wavBytes(tone(440, 0.01), {
      encoding: 'pcm24',
      extensible: true,
      chunks: [{ id: 'LIST', bytes: 33 }],
    });
    expect(await probe(bytes)).toMatchObject({ encoding: 'pcm24', channels: 1, frames: 160, truncated: false });
    expect(await samplesOf(bytes)).toHaveLength(160);
  });

  it('a file that ends early gives what is there and says so', async () => {
    const whole = wavBytes(tone(440, 0.1));
    expect(await probe(whole.subarray(0, 44 + 1001))).toMatchObject({ frames: 500, truncated: true });
  });

  it('a float that is no number is silence', async () => {
    const samples = Float32Array.from([0.5, Number.NaN, Number.POSITIVE_INFINITY, -0.5]);
    expect([...(await samplesOf(wavBytes(samples, { encoding: 'float32' })))]).toEqual([0.5, 0, 0, -0.5]);
  });

  it('a long file comes in blocks', async () => {
    const source = sourceOf(wavBytes(new Float32Array(1_500_000)));
    const lengths: number[] = [];
    for await (const block of monoBlocks(source, await probeWav(source, 'a.wav'))) lengths.push(block.length);
    expect(lengths.length).toBeGreaterThan(1);
    expect(lengths.reduce((sum, length) => sum + length)).toBe(1_500_000);
  });
});

describe('what is no wav file with plain samples is refused with what it is', () => {
  const tiny = tone(440, 0.01);
  it.each([
    { name: 'header-only wav', bytes: wavBytes(new Float32Array(0)), says: 'a header without a sample (44 bytes)' },
    { name: 'an empty file', bytes: Buffer.alloc(0), says: 'empty (0 bytes)' },
    { name: 'mu-law under .wav', bytes: wavBytes(tiny, { encoding: 'pcm8', codec: 7 }), says: 'holds mu-law' },
    { name: 'ADPCM under .wav', bytes: wavBytes(tiny, { codec: 2 }), says: 'holds Microsoft ADPCM' },
    { name: 'MP3 in a wav', bytes: wavBytes(tiny, { codec: 85 }), says: 'holds MP3' },
    { name: 'a codec nobody knows', bytes: wavBytes(tiny, { codec: 4711 }), says: 'holds codec 4711' },
    { name: 'Ogg under .wav', bytes: Buffer.from('OggS and more bytes'), says: 'Ogg under a .wav name' },
    { name: 'MP4 under .wav', bytes: Buffer.from('\0\0\0\x20ftypM4A and more'), says: 'MP4 under a .wav name' },
    { name: 'text under .wav', bytes: Buffer.from('hello, this is a text'), says: 'no WAV file' },
    { name: 'a rate that no converter has', bytes: wavBytes(tiny, { sampleRateHz: 12 }), says: '1 channels at 12 Hz' },
    { name: 'a head without samples', bytes: wavBytes(tiny).subarray(0, 36), says: 'no samples in its first 36 bytes' },
  ])('$name', async ({ bytes, says }) => {
    const refused = await probe(bytes).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'MediaError', message: expect.stringContaining(says) });
  });
});

describe('the prepared sound', () => {
  it('is a plain wav file, and 16-bit samples survive it unchanged', async () => {
    const path = join(await testFolder(), 'out.wav');
    const samples = Float32Array.from([0, 0.5, -1, 0.25, 1 / 32_768]);
    const written = await writeMonoWav(
      path,
      16_000,
      (async function* () {
        yield samples.subarray(0, 2);
        yield samples.subarray(2);
      })(),
    );
    expect(written).toBe(5);
    expect(await samplesOf(await readFile(path))).toEqual(samples);
  });

  it('is read in stretches, up to its end', async () => {
    const path = join(await testFolder(), 'out.wav');
    const samples = tone(440, 0.1);
    await writeMonoWav(
      path,
      16_000,
      (async function* () {
        yield samples;
      })(),
    );
    const opened = await openMonoWav(path);
    try {
      expect(await opened.read(100, 50)).toHaveLength(50);
      expect((await opened.read(100, 1))[0]).toBeCloseTo(samples[100]!, 4);
      expect(await opened.read(1590, 100)).toHaveLength(10);
    } finally {
      await opened.close();
    }
  });
});
