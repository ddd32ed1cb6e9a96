import { describe, expect, it } from 'vitest';
import type { Measure } from '#core/step';
import type { AcousticModel } from '#inference/speech/acoustic-model';
import { letterAsrParams, type PreparedPhrase, type ScoredPhrase } from '#workloads/letter-asr/contract';
import { groupPhrases } from '#workloads/letter-asr/scoring/group-phrases';
import { outlineOf } from '#workloads/letter-asr/scoring/outline';
import { scoreSounds } from '#workloads/letter-asr/scoring/score-sounds';
import { type Frame, logitsOf, VOCABULARY } from '../logits.ts';

const FRAME_SAMPLES = 320;

function phraseAt(index: number, firstFrame: number, frames: number, expected: string[]): PreparedPhrase {
  return {
    ...{ index, expected, first: firstFrame * FRAME_SAMPLES, samples: frames * FRAME_SAMPLES },
    ...{ gaps: [], warnings: [], segments: [] },
  };
}

/** A model that hears these frames, whatever it is given. */
function modelHearing(frames: Frame[]): AcousticModel {
  return {
    ...VOCABULARY,
    sampleRateHz: 16_000,
    hear: async (utterances) => utterances.map(() => logitsOf(frames)),
    close: async () => {},
  };
}

async function score(frames: Frame[], phrases: PreparedPhrase[], params = {}, measure: Measure = () => {}) {
  const samples = new Float32Array(frames.length * FRAME_SAMPLES);
  const sounds = (async function* () {
    yield { activity: 'a', phrases, from: 0, samples };
  })();
  const signal = new AbortController().signal;
  const scored: ScoredPhrase[] = [];
  const rule = letterAsrParams.parse(params);
  for await (const phrase of scoreSounds(sounds, { model: modelHearing(frames), rule, signal, measure })) {
    scored.push(phrase);
  }
  return scored;
}

const B = ['b', 'iː', '<pad>', '|'];
const A = ['eɪ', 'eɪ', '<pad>', '|'];

describe('phrases that are heard together', () => {
  it("have each letter once: the neighbours' speech is never scored twice", async () => {
    const scored = await score(
      [...A, ...B, ...A],
      [phraseAt(0, 0, 4, ['a_letter']), phraseAt(1, 4, 4, ['b_letter']), phraseAt(2, 8, 4, ['a_letter'])],
    );
    expect(scored.map(({ heard }) => heard.map(({ unit }) => unit))).toEqual([['eɪ'], ['b iː'], ['eɪ']]);
    expect(scored.map(({ letters }) => letters[0]!.verdict)).toEqual(['correct', 'correct', 'correct']);
  });

  it('tell times from the beginning of the phrase', async () => {
    const [, second] = await score([...A, ...B], [phraseAt(0, 0, 4, ['a_letter']), phraseAt(1, 4, 4, ['b_letter'])]);
    expect(second!.letters[0]).toMatchObject({ startSeconds: 0, endSeconds: 0.04 });
  });

  it('give a sound on their border to exactly one of them', async () => {
    const long = ['<pad>', '<pad>', 'eɪ', 'eɪ', 'eɪ', 'eɪ', '<pad>', '<pad>'];
    for (const border of [3, 4, 5]) {
      const scored = await score(long, [
        phraseAt(0, 0, border, ['a_letter']),
        phraseAt(1, border, 8 - border, ['a_letter']),
      ]);
      expect(scored.flatMap(({ heard }) => heard)).toHaveLength(1);
    }
  });
});

describe('what is asked for', () => {
  it('may be nothing', async () => {
    expect((await score(A, [phraseAt(0, 0, 4, [])]))[0]).toMatchObject({ letters: [], heard: [{ unit: 'eɪ' }] });
  });

  it('may be an unknown item, which is always an error', async () => {
    const [scored] = await score(A, [phraseAt(0, 0, 4, ['a_letter', 'ä_letter'])]);
    expect(scored!.letters).toMatchObject([{ verdict: 'correct' }, { verdict: 'missing', reason: 'unknown-item' }]);
  });

  it('may have a pronunciation of its own for each item', async () => {
    const phrase = { ...phraseAt(0, 0, 4, ['a_letter']), reference: ['b iː'] };
    expect((await score(B, [phrase]))[0]!.letters[0]).toMatchObject({ verdict: 'correct', heard: 'b iː' });
    const misfit = { ...phrase, reference: ['b', 'iː'] };
    expect((await score(B, [misfit]))[0]!.letters[0]).toMatchObject({ verdict: 'wrong', heard: 'b iː' });
  });
});

it('in strict mode a sound of no unit fails its phrase and leaves the next one', async () => {
  const phrases = [phraseAt(0, 0, 4, ['a_letter']), phraseAt(1, 4, 4, ['b_letter'])];
  const strict = await score(['<unk>', '<pad>', 'eɪ', '<pad>', ...B], phrases, { strict: true });
  expect(strict[0]).toMatchObject({ index: 0, letters: [], failure: expect.stringContaining('<unk>') });
  expect(strict[1]).toMatchObject({ index: 1, letters: [{ verdict: 'correct' }] });
  const robust = await score(['<unk>', '<pad>', 'eɪ', '<pad>', ...B], phrases);
  expect(robust[0]!.letters[0]!.verdict).toBe('correct');
});

it('a beam search gives the same letters where the model is sure', async () => {
  const phrases = [phraseAt(0, 0, 4, ['a_letter']), phraseAt(1, 4, 4, ['b_letter'])];
  const [greedy, beam] = await Promise.all(
    ['greedy', 'beam'].map((decoder) => score([...A, ...B], phrases, { decoder })),
  );
  expect(beam!.map(({ letters }) => letters[0]!.verdict)).toEqual(greedy!.map(({ letters }) => letters[0]!.verdict));
});

describe('neighbouring phrases are heard in one go', () => {
  const rule = { contextSamples: 100, mostSamples: 1000 };
  const at = (first: number, samples: number) => ({ ...phraseAt(0, 0, 0, []), first, samples });
  it.each([
    { name: 'when they touch', phrases: [at(0, 300), at(300, 300)], groups: [[0, 700, 2]] },
    {
      name: 'up to a length',
      phrases: [at(0, 600), at(600, 600)],
      groups: [
        [0, 700, 1],
        [500, 1300, 1],
      ],
    },
    {
      name: 'unless they are far apart',
      phrases: [at(0, 100), at(400, 100)],
      groups: [
        [0, 200, 1],
        [300, 600, 1],
      ],
    },
    {
      name: 'unless they are out of order',
      phrases: [at(300, 100), at(0, 100)],
      groups: [
        [200, 500, 1],
        [0, 200, 1],
      ],
    },
    { name: 'a long one by itself', phrases: [at(0, 5000)], groups: [[0, 5100, 1]] },
  ])('$name', ({ phrases, groups }) => {
    expect(groupPhrases(phrases, rule).map(({ from, to, phrases }) => [from, to, phrases.length])).toEqual(groups);
  });
});

it('an outline shows where a sound is loud', () => {
  const samples = new Float32Array(3200).fill(0.1, 0, 1600).fill(-2, 1600);
  expect(outlineOf(samples)).toEqual([...new Array(80).fill(10), ...new Array(80).fill(100)]);
  expect(outlineOf(new Float32Array(0))).toEqual([]);
});

it('each phrase is measured, a failed one as a zero among the successes', async () => {
  const figures: Record<string, number[]> = {};
  const measure: Measure = (name, value) => {
    figures[name] = [...(figures[name] ?? []), value];
  };
  const phrases = [phraseAt(0, 0, 4, ['a_letter']), phraseAt(1, 4, 4, ['b_letter', 'c_letter'])];
  await score(['<unk>', '<pad>', 'eɪ', '<pad>', ...B], phrases, { strict: true }, measure);
  const { PhraseSuccess, ParseFailure, AlignFailure, AlignTotal, AlignErrorCount, AlignAccuracy } = figures;
  expect({ PhraseSuccess, ParseFailure, AlignFailure, AlignTotal, AlignErrorCount, AlignAccuracy }).toEqual({
    PhraseSuccess: [0, 1],
    ParseFailure: [1, 0],
    AlignFailure: [0, 0],
    AlignTotal: [0, 2],
    AlignErrorCount: [0, 1],
    AlignAccuracy: [50],
  });
  for (const [name, count] of Object.entries({ PreprocessMs: 1, ModelMs: 1, DecodeMs: 1, PhraseProcessingMs: 2 })) {
    expect(figures[name]).toHaveLength(count);
  }
});
