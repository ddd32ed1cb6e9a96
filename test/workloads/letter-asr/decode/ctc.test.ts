import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBeam } from '#workloads/letter-asr/decode/ctc-beam';
import { decodeGreedy } from '#workloads/letter-asr/decode/ctc-greedy';
import type { HeardToken } from '#workloads/letter-asr/decode/heard';
import { type Frame, logitsOf, VOCABULARY } from '../logits.ts';

const tokensOf = (heard: readonly HeardToken[]) => heard.map(({ token }) => token);

const DECODERS = [
  { decoder: 'greedy', decode: decodeGreedy },
  {
    decoder: 'prefix beam',
    decode: (...[logits, vocabulary]: Parameters<typeof decodeGreedy>) => decodeBeam(logits, vocabulary, { width: 8 }),
  },
];

/** Paths of frames, with blanks between repeats here and there, and what is heard in them. */
const aPath = fc
  .array(
    fc.record({
      token: fc.constantFrom(...VOCABULARY.tokens.filter((token) => token !== '<pad>')),
      frames: fc.integer({ min: 1, max: 4 }),
      blanks: fc.integer({ min: 0, max: 2 }),
      probability: fc.double({ min: 0.6, max: 0.999, noNaN: true }),
    }),
    { maxLength: 12 },
  )
  .map((runs) => {
    const frames: Frame[] = [];
    const path: string[] = [];
    for (const { token, frames: count, blanks, probability } of runs) {
      // Two equal tokens are two only with a blank between.
      const isRepeat = path.at(-1) === token;
      for (let at = 0; at < Math.max(blanks, isRepeat ? 1 : 0); at += 1) frames.push(['<pad>', probability]);
      for (let at = 0; at < count; at += 1) frames.push([token, probability]);
      path.push(token);
    }
    return { frames, path };
  });

describe.each(DECODERS)('the $decoder decoder', ({ decode }) => {
  it('gives the known path back that logits were made from, repeats included', () => {
    fc.assert(
      fc.property(aPath, ({ frames, path }) => {
        expect(tokensOf(decode(logitsOf(frames), VOCABULARY))).toEqual(path);
      }),
    );
  });

  it('merges a run, with the mean of its confidences and the times of its frames', () => {
    const frames: Frame[] = ['<pad>', ['b', 0.9], ['b', 0.7], ['b', 0.8], '<pad>', ['d', 0.6]];
    const heard = decode(logitsOf(frames), VOCABULARY);
    expect(heard).toEqual([
      { token: 'b', confidence: expect.closeTo(0.8, 5), startSeconds: 0.02, endSeconds: 0.08 },
      { token: 'd', confidence: expect.closeTo(0.6, 5), startSeconds: 0.1, endSeconds: 0.12 },
    ]);
  });

  it.each<{ name: string; frames: Frame[]; heard: string[] }>([
    { name: 'equal neighbours are one token', frames: ['b', 'b', 'b'], heard: ['b'] },
    { name: 'a blank between them makes two', frames: ['b', '<pad>', 'b', 'b'], heard: ['b', 'b'] },
    { name: 'so does a separator', frames: ['b', '|', 'b'], heard: ['b', '|', 'b'] },
    { name: 'a token in the first frame and in the last', frames: ['b', '<pad>', 'd'], heard: ['b', 'd'] },
    { name: 'blanks alone are nothing', frames: ['<pad>', '<pad>'], heard: [] },
    { name: 'no frames at all are nothing', frames: [], heard: [] },
  ])('$name', ({ frames, heard }) => expect(tokensOf(decode(logitsOf(frames), VOCABULARY))).toEqual(heard));

  it('takes extreme probabilities: logits that overflow when they are exponentiated', () => {
    const logits = logitsOf(['b', '<pad>', 'd']);
    logits.values.fill(-3e38);
    for (const [frame, column] of [2, 0, 3].entries()) logits.values[frame * logits.tokens + column] = 3e38;
    expect(decode(logits, VOCABULARY)).toMatchObject([
      { token: 'b', confidence: 1 },
      { token: 'd', confidence: 1 },
    ]);
  });

  it('refuses a vocabulary that does not fit the logits', () => {
    const other = { ...VOCABULARY, tokens: VOCABULARY.tokens.slice(1) };
    expect(() => decode(logitsOf(['b']), other)).toThrow(expect.objectContaining({ name: 'ModelError' }));
  });

  it('refuses logits of another length than frames times tokens, rather than to divide by nothing', () => {
    const logits = logitsOf(['b', 'd']);
    expect(() => decode({ ...logits, values: logits.values.slice(1) }, VOCABULARY)).toThrow(/17 numbers in rows of 9/);
  });
});

describe('prefix beam search', () => {
  it('finds the reading that many ways lead to, where the best of each frame is nothing', () => {
    // Hannun's example: each frame is rather blank (0.6), but of all ways those with one b have 0.64 together.
    const frames: Frame[] = [];
    const logits = logitsOf([...frames, 'b', 'b']);
    for (const frame of [0, 1]) {
      const row = frame * logits.tokens;
      logits.values.fill(-30, row, row + logits.tokens);
      logits.values[row] = Math.log(0.6);
      logits.values[row + 2] = Math.log(0.4);
    }
    expect(tokensOf(decodeGreedy(logits, VOCABULARY))).toEqual([]);
    expect(tokensOf(decodeBeam(logits, VOCABULARY, { width: 8 }))).toEqual(['b']);
  });

  it('finds the reading with the greatest sum over all ways, for what is small enough to try them all', () => {
    const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
    const vocabulary = { ...VOCABULARY, tokens: ['<pad>', 'b', 'd'] };
    fc.assert(
      fc.property(numbers, (values) => {
        const logits = { frames: 4, tokens: 3, values: Float32Array.from(values), engine: 'test' };
        const sums = readingsOf(logits.values, vocabulary.tokens);
        const heard = tokensOf(decodeBeam(logits, vocabulary, { width: 100 })).join(' ');
        expect(sums.get(heard)).toBeGreaterThan(Math.max(...sums.values()) * 0.999);
      }),
    );
  });

  it('gives the same for the same, in whatever order equals come', () => {
    const flat = logitsOf([
      ['b', 1 / 9],
      ['d', 1 / 9],
      ['k', 1 / 9],
    ]);
    const once = decodeBeam(flat, VOCABULARY, { width: 3 });
    expect(decodeBeam(flat, VOCABULARY, { width: 3 })).toEqual(once);
  });
});

/** The probability of each reading, added up over all ways there are. */
function readingsOf(values: Float32Array, tokens: readonly string[]): Map<string, number> {
  const sums = new Map<string, number>();
  const frames = values.length / tokens.length;
  for (let way = 0; way < tokens.length ** frames; way += 1) {
    const path = Array.from({ length: frames }, (_, at) => Math.floor(way / tokens.length ** at) % tokens.length);
    const probability = path.reduce((product, token, at) => product * softmax(values, at, tokens.length)[token]!, 1);
    const reading = path.filter((token, at) => token !== 0 && token !== path[at - 1]).map((token) => tokens[token]);
    sums.set(reading.join(' '), (sums.get(reading.join(' ')) ?? 0) + probability);
  }
  return sums;
}

function softmax(values: Float32Array, frame: number, tokens: number): number[] {
  const row = Array.from(values.subarray(frame * tokens, (frame + 1) * tokens), Math.exp);
  const sum = row.reduce((total, one) => total + one, 0);
  return row.map((one) => one / sum);
}
