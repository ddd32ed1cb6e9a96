import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMonoWav } from '#media/wav';
import { activitiesOf } from '#workloads/letter-asr/activities/read-activities';
import { prepareActivity } from '#workloads/letter-asr/phrases/prepare-activity';
import { testFolder } from '../../../helpers/folder.ts';
import { sourceOf, tone, wavBytes } from '../../../helpers/wav-files.ts';

const local = async (source: { uri: string } | { key: string }) => ('uri' in source ? source.uri : source.key);
const artifacts = {
  local,
  open: async ({ uri }: { uri: string }) => sourceOf(await readFile(uri)),
  digest: async (path: string) => ({
    sha256: createHash('sha256')
      .update(await readFile(path))
      .digest('hex'),
    bytes: 0,
  }),
};

interface Given {
  files: Record<string, Uint8Array>;
  phrases?: object[];
  source?: 'auto' | 'segments' | 'recording';
  more?: object;
}

async function prepare({ files, phrases, source = 'auto', more = {} }: Given) {
  const folder = await testFolder();
  const input = Object.keys(files).map((name) => ({ name, uri: join(folder, name) }));
  for (const { name, uri } of input) await writeFile(uri, files[name]!);
  const asked = phrases ?? [{ phraseIndex: 0, expected_text: ['a_letter'] }];
  const [activity] = activitiesOf([{ activity_id: 'a', phrases: asked, ...more }]).activities;
  const signal = new AbortController().signal;
  const prepared = await prepareActivity(
    { activity: activity!, files: input },
    { source, artifacts, folder, audio: 'out.wav', signal },
  );
  return { ...prepared, path: join(folder, 'out.wav') };
}

const phrase = (index: number, more = {}) => ({ phraseIndex: index, expected_text: ['a_letter'], ...more });

describe('whatever a segment is recorded as, its phrase is mono at 16 kHz', () => {
  it.each([
    { name: 'stereo', bytes: wavBytes([tone(500, 1), tone(500, 1)]) },
    { name: '8 kHz', bytes: wavBytes(tone(500, 1, 8_000), { sampleRateHz: 8_000 }) },
    { name: '48 kHz', bytes: wavBytes(tone(500, 1, 48_000), { sampleRateHz: 48_000 }) },
    { name: 'float', bytes: wavBytes(tone(500, 1), { encoding: 'float32' }) },
    { name: '24-bit', bytes: wavBytes(tone(500, 1), { encoding: 'pcm24' }) },
  ])('$name', async ({ bytes }) => {
    const { phrases, path } = await prepare({ files: { '000_000001.wav': bytes } });
    expect(phrases[0]).toMatchObject({ first: 0, samples: 16_000, warnings: [], gaps: [] });
    const sound = await openMonoWav(path);
    const [read, ideal] = [await sound.read(4000, 8000), tone(500, 1).subarray(4000, 12_000)];
    await sound.close();
    expect(Math.max(...read.map((sample, at) => Math.abs(sample - ideal[at]!)))).toBeLessThan(0.003);
  });
});

it('packets of a phrase are one sound: cut anywhere, they give the same samples as the whole', async () => {
  const whole = tone(500, 1, 44_100);
  const cut = (from: number, to?: number) => wavBytes(whole.subarray(from, to), { sampleRateHz: 44_100 });
  const one = await prepare({ files: { '000_000001.wav': cut(0) } });
  const three = await prepare({
    files: { '000_000003.wav': cut(30_001), '000_000001.wav': cut(0, 12_345), '000_000002.wav': cut(12_345, 30_001) },
  });
  expect(await readFile(three.path)).toEqual(await readFile(one.path));
  expect(three.phrases[0]!.segments.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

describe('what is wrong with a file fails its phrase, not the activity', () => {
  const good = wavBytes(tone(500, 0.5));
  it.each([
    { name: 'header-only wav', bytes: wavBytes(new Float32Array(0)), says: 'a header without a sample' },
    { name: 'wrong codec under .wav', bytes: wavBytes(tone(500, 0.1), { codec: 85 }), says: 'holds MP3' },
    { name: 'no wav at all', bytes: Buffer.from('OggS....'), says: 'Ogg under a .wav name' },
  ])('$name', async ({ bytes, says }) => {
    const { phrases } = await prepare({
      files: { '000_000001.wav': bytes, '001_000002.wav': good },
      phrases: [phrase(0), phrase(1)],
    });
    expect(phrases[0]!.failure).toContain(says);
    expect(phrases[1]).toMatchObject({ index: 1, first: 0, samples: 8000 });
    expect(phrases[1]!.failure).toBeUndefined();
  });

  it('one bad packet among good ones is a gap', async () => {
    const { phrases } = await prepare({
      files: { '000_000001.wav': good, '000_000002.wav': wavBytes(new Float32Array(0)), '000_000003.wav': good },
    });
    expect(phrases[0]).toMatchObject({ samples: 16_000, gaps: [2] });
    expect(phrases[0]!.failure).toBeUndefined();
  });

  it('a phrase without audio says so', async () => {
    const { phrases } = await prepare({ files: { '000_000001.wav': good }, phrases: [phrase(0), phrase(1)] });
    expect(phrases.map(({ failure }) => failure)).toEqual([undefined, 'no segment of it is there']);
  });
});

describe('a sound that can hardly be judged is told', () => {
  it.each([
    { name: 'silence', samples: new Float32Array(16_000), says: 'it is silent (-120 dB)' },
    {
      name: 'clipping',
      samples: tone(500, 1, 16_000, 4).map((sample) => Math.max(-1, Math.min(1, sample))),
      says: '% of its samples are clipped',
    },
    { name: 'too short', samples: tone(500, 0.005), says: 'too short for a sound' },
  ])('$name', async ({ samples, says }) => {
    const { phrases } = await prepare({ files: { '000_000001.wav': wavBytes(samples) } });
    expect(phrases[0]!.failure).toBeUndefined();
    expect(phrases[0]!.warnings.join()).toContain(says);
  });
});

describe('a whole recording', () => {
  const recording = wavBytes(tone(500, 3));
  it('is cut by the times of its phrases', async () => {
    const phrases = [phrase(0, { start_ms: 0, end_ms: 1000 }), phrase(1, { start_ms: 1500, end_ms: 2500 })];
    const prepared = await prepare({ files: { 'complete.wav': recording }, phrases });
    expect(prepared.phrases).toMatchObject([
      { index: 0, first: 0, samples: 16_000 },
      { index: 1, first: 24_000, samples: 16_000 },
    ]);
  });

  it('gives what two phrases claim to the earlier one', async () => {
    const phrases = [phrase(0, { start_ms: 0, end_ms: 1000 }), phrase(1, { start_ms: 800, end_ms: 2000 })];
    const prepared = await prepare({ files: { 'complete.wav': recording }, phrases });
    expect(prepared.phrases[1]).toMatchObject({ first: 16_000, samples: 16_000 });
    expect(prepared.phrases[1]!.warnings[0]).toContain('overlap those of phrase 0');
  });

  it.each([
    { name: 'times after its end', times: { start_ms: 5000, end_ms: 6000 }, says: 'ends at 3.00 s' },
    { name: 'times that are no stretch', times: { start_ms: 2000, end_ms: 1000 }, says: 'no stretch' },
  ])('fails a phrase with $name', async ({ times, says }) => {
    const phrases = [phrase(0, { start_ms: 0, end_ms: 1000 }), phrase(1, times)];
    const prepared = await prepare({ files: { 'complete.wav': recording }, phrases });
    expect(prepared.phrases[1]!.failure).toContain(says);
    expect(prepared.phrases[0]!.failure).toBeUndefined();
  });

  it('without times can not be cut', async () => {
    const prepared = await prepare({ files: { 'complete.wav': recording }, phrases: [phrase(0), phrase(1)] });
    expect(prepared.audio).toBeUndefined();
    expect(prepared.phrases[0]!.failure).toBe('complete.wav is a whole recording, and 2 phrases have no times in it');
  });

  it('is taken instead of segments only when that is asked for', async () => {
    const files = { 'complete.wav': recording, '000_000001.wav': wavBytes(tone(500, 1)) };
    const phrases = [phrase(0, { start_ms: 0, end_ms: 2000 })];
    expect((await prepare({ files, phrases })).phrases[0]!.samples).toBe(16_000);
    expect((await prepare({ files, phrases, source: 'recording' })).phrases[0]!.samples).toBe(32_000);
  });
});

it('30 minutes are cut into phrases, and are no phrase by themselves', async () => {
  const bytes = wavBytes(new Float32Array(30 * 60 * 16_000), { encoding: 'pcm8' });
  const times = [phrase(0, { start_ms: 0, end_ms: 2000 }), phrase(1, { start_ms: 1_790_000, end_ms: 1_800_000 })];
  const cut = await prepare({ files: { 'complete.wav': bytes }, phrases: times });
  expect(cut.phrases.map(({ samples, failure }) => [samples, failure])).toEqual([
    [32_000, undefined],
    [160_000, undefined],
  ]);
  const whole = await prepare({ files: { '000_000001.wav': bytes } });
  expect(whole.phrases[0]!.failure).toBe('it is 1800 s long; a phrase has at most 1000 s');
});
