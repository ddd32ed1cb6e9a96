import { describe, expect, it, onTestFinished } from 'vitest';
import type { VerifiedAcousticModel } from '#inference/models';
import { type AcousticModelOptions, type Logits, openAcousticModel } from '#inference/speech/acoustic-model';
import { testFolder } from '../../helpers/folder.ts';
import { FRAME, spoken, TINY_TOKENS, type TinyLetters, tinyLetters } from '../../helpers/tiny-letters.ts';

async function open(model: VerifiedAcousticModel, options: AcousticModelOptions = {}) {
  const opened = await openAcousticModel(model, { device: 'cpu', threads: 1, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

async function aModel(letters: TinyLetters = {}, options: AcousticModelOptions = {}) {
  return open(await tinyLetters(await testFolder(), letters), options);
}

/** The best token of each frame. */
function pathOf({ frames, tokens, values }: Logits): string[] {
  return Array.from({ length: frames }, (_, frame) => {
    const row = values.subarray(frame * tokens, (frame + 1) * tokens);
    return TINY_TOKENS[row.indexOf(Math.max(...row))]!;
  });
}

/** The runtime adds up in another order for other sizes, so the last digits may differ. */
function expectClose(found: readonly Logits[], wanted: readonly Logits[]): void {
  expect(found.map(({ frames }) => frames)).toEqual(wanted.map(({ frames }) => frames));
  for (const [at, { values }] of found.entries()) {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const apart = values.reduce((most, value, n) => Math.max(most, Math.abs(value - wanted[at]!.values[n]!)), 0);
    expect(apart / largest).toBeLessThan(1e-5);
  }
}

const SHORT = ['b', 'iː', '<pad>', 'd'];
const LONG = ['<pad>', 's', 's', 'iː', '|', 'k', 'eɪ', '<pad>', 'b'];

/** A path of so many frames in which neighbours differ. */
function longPath(frames: number): string[] {
  return Array.from({ length: frames }, (_, at) => TINY_TOKENS[(at * 5 + Math.floor(at / 7)) % TINY_TOKENS.length]!);
}

describe('an acoustic model', () => {
  it('gives a row of logits for each frame, and says what heard them', async () => {
    const model = await aModel();
    const [heard] = await model.hear([spoken(SHORT)]);
    expect(heard).toMatchObject({ frames: 4, tokens: TINY_TOKENS.length, engine: 'local' });
    expect(pathOf(heard!)).toEqual(SHORT);
    expect(model).toMatchObject({ tokens: TINY_TOKENS, blank: '<pad>', separator: '|', frameSeconds: 0.02 });
  });

  it.each<{ name: string; letters: TinyLetters }>([
    { name: 'with a mask, lengths mixed', letters: { mask: true } },
    { name: 'without one, equal lengths together', letters: {} },
    { name: 'one by one where the graph takes no more', letters: { shape: [1, 'samples'] } },
  ])('hears several recordings as if each were alone: $name', async ({ letters }) => {
    const model = await aModel(letters, { batchUtterances: 8 });
    const recordings = [SHORT, LONG, SHORT.toReversed(), LONG.toReversed()].map((path) => spoken(path));
    const together = await model.hear(recordings);
    expectClose(together, await (await aModel(letters, { batchUtterances: 1 })).hear(recordings));
    expect(together.map(pathOf)).toEqual([SHORT, LONG, SHORT.toReversed(), LONG.toReversed()]);
  });

  it('gives the same bytes for a recording whatever is heard with it, unless it is told to hear several at once', async () => {
    const model = await aModel({ around: 1 });
    const recordings = [SHORT, LONG, LONG.toReversed()].map((path) => spoken(path));
    const together = await model.hear(recordings);
    const alone = [];
    for (const samples of recordings) alone.push(...(await model.hear([samples])));
    expect(together).toEqual(alone);
  });

  it.each([0, 1])('hears a long recording in windows as it would at once, %i frames around each', async (around) => {
    const samples = spoken(longPath(1000));
    const atOnce = await aModel({ around });
    const inWindows = await aModel({ around }, { windowSeconds: 1, overlapSeconds: 0.2 });
    expectClose(await inWindows.hear([samples]), await atOnce.hear([samples]));
  });

  it('scales a recording to mean 0 and deviation 1 where model.json says so, however loud it is', async () => {
    const model = await aModel({ description: { input: { normalise: 'utterance' } } });
    const quiet = spoken(longPath(50));
    const [one, other] = await model.hear([quiet, quiet.map((sample) => sample * 8 + 0.1)]);
    const apart = one!.values.map((value, at) => Math.abs(value - other!.values[at]!));
    // Beside the deviation of the quiet one, what keeps silence silent is a ten-thousandth.
    expect(Math.max(...apart)).toBeLessThan(1e-3 * Math.max(...one!.values));
  });

  it('scales all windows of a recording alike', async () => {
    const letters: TinyLetters = { description: { input: { normalise: 'utterance' } } };
    // The first half is silence: scaled by itself, the second would sound otherwise.
    const samples = spoken([...Array.from({ length: 200 }, () => '<pad>'), ...longPath(200)]);
    const inWindows = await aModel(letters, { windowSeconds: 1, overlapSeconds: 0.2 });
    expectClose(await inWindows.hear([samples]), await (await aModel(letters)).hear([samples]));
  });

  it('hears a recording shorter than a frame, or an empty one, with silence behind it', async () => {
    const model = await aModel({ description: { input: { normalise: 'utterance' } } });
    const [short, empty] = await model.hear([new Float32Array(5), new Float32Array(0)]);
    expect(pathOf(short!)).toEqual(['<pad>']);
    expect(empty).toEqual(short);
  });

  it('leaves the samples as they were', async () => {
    const samples = spoken(SHORT);
    const before = samples.slice();
    await (await aModel({ description: { input: { normalise: 'utterance' } } })).hear([samples]);
    expect(samples).toEqual(before);
  });

  it('refuses samples that are no numbers, and names the first', async () => {
    const samples = spoken(SHORT);
    samples[7] = Number.NaN;
    await expect((await aModel()).hear([samples])).rejects.toMatchObject({ name: 'MediaError', details: { at: 7 } });
  });

  it('refuses logits with NaN', async () => {
    const model = await aModel();
    const samples = spoken(SHORT).map(() => 3e38);
    await expect(model.hear([samples])).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringMatching(/Expected numbers in the logits of tiny-letters@1.0.0/),
    });
  });

  it('stops between two windows when it is told to', async () => {
    const model = await aModel({}, { windowSeconds: 1, overlapSeconds: 0.2, batchUtterances: 1 });
    const stop = new AbortController();
    const hearing = model.hear([spoken(longPath(5000))], stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(hearing).rejects.toThrow('enough');
  });
});

describe('a model that is not what model.json says', () => {
  it('has a vocabulary that does not fit the logits', async () => {
    const opening = aModel({ logits: TINY_TOKENS.length + 2 });
    await expect(opening).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('shape [any, any, 8], found [batch, frames, 10]'),
    });
  });

  it.each<{ name: string; letters: TinyLetters; says: string }>([
    { name: 'no such input', letters: { description: { input: { name: 'waveform' } } }, says: 'input named waveform' },
    { name: 'no such output', letters: { description: { output: { logits: 'scores' } } }, says: 'output named scores' },
    { name: 'no mask', letters: { description: { input: { mask: 'mask' } } }, says: 'an input mask of int64' },
    { name: 'no blank', letters: { description: { output: { blank: '<blank>' } } }, says: 'the blank "<blank>"' },
    {
      name: 'a token twice',
      letters: { tokens: [...TINY_TOKENS.slice(0, -1), 'b'] },
      says: 'found b twice',
    },
  ])('has $name', async ({ letters, says }) => {
    await expect(aModel(letters)).rejects.toMatchObject({ name: 'ModelError', message: expect.stringContaining(says) });
  });

  it('has frames at another distance, which would put every sound at a wrong time', async () => {
    const model = await aModel({ description: { output: { frameSamples: FRAME / 2 } } });
    await expect(model.hear([spoken(LONG)])).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('shape [1, 17, 8], found [1, 9, 8]'),
    });
  });
});
