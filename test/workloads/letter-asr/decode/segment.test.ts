import { describe, expect, it } from 'vitest';
import type { HeardToken } from '#workloads/letter-asr/decode/heard';
import { ParseFailure, type SegmentMode, segment } from '#workloads/letter-asr/decode/segment';

/** Tokens, 0.1 s each, with falling confidence. */
function tokens(written: string): HeardToken[] {
  return written
    .split(' ')
    .filter((token) => token !== '')
    .map((token, at) => ({ token, confidence: 1 - at / 10, startSeconds: at / 10, endSeconds: (at + 1) / 10 }));
}

function unitsOf(written: string, mode: SegmentMode = 'robust') {
  const { units, skipped } = segment(tokens(written), { separator: '|', mode });
  return { units: units.map(({ unit }) => unit), skipped: skipped.map(({ token }) => token) };
}

describe('segmentation', () => {
  it.each([
    { name: 'takes the longest match', heard: 'd ʌ b ə l j uː', units: ['d ʌ b ə l j uː'] },
    { name: 'goes on behind a match', heard: 'b iː s iː', units: ['b iː', 's iː'] },
    { name: 'does not reach over a separator', heard: 'b | iː', units: ['b', 'iː'] },
    { name: 'passes separators in a row', heard: 'b | | | s', units: ['b', 's'] },
    { name: 'passes a leading and a trailing separator', heard: '| b |', units: ['b'] },
    { name: 'has nothing for empty segments', heard: '| | |', units: [] },
    { name: 'has nothing for nothing', heard: '', units: [] },
    { name: 'tells a sound that is no letter as it was heard', heard: 'tʃ', units: ['tʃ'] },
  ])('$name', ({ heard, units }) => expect(unitsOf(heard)).toEqual({ units, skipped: [] }));

  it('gives a unit the mean of its tokens and their time', () => {
    const { units } = segment(tokens('| b iː'), { separator: '|' });
    const [start, end] = [0.1, 0.3];
    const confidence = expect.closeTo(0.85, 9);
    expect(units).toEqual([
      { unit: 'b iː', phonemes: ['b', 'iː'], confidence, startSeconds: start, endSeconds: expect.closeTo(end, 9) },
    ]);
  });
});

describe('unknown tokens', () => {
  it.each([
    { name: 'alone', heard: '<unk>', units: [], skipped: ['<unk>'] },
    { name: 'mixed with known ones', heard: 'b <unk> iː', units: ['b', 'iː'], skipped: ['<unk>'] },
    { name: 'all of them', heard: '<unk> <s> | <unk>', units: [], skipped: ['<unk>', '<s>', '<unk>'] },
  ])('$name are skipped and told in robust mode', ({ heard, units, skipped }) => {
    expect(unitsOf(heard)).toEqual({ units, skipped });
  });

  it('fail in strict mode, with the token and its time', () => {
    const failing = () => unitsOf('b <unk>', 'strict');
    expect(failing).toThrow(ParseFailure);
    expect(failing).toThrow(
      expect.objectContaining({ name: 'MediaError', details: { token: '<unk>', startSeconds: 0.1 } }),
    );
  });

  it('do not matter in strict mode when there are none', () => {
    expect(unitsOf('b iː | s', 'strict')).toEqual({ units: ['b iː', 's'], skipped: [] });
  });
});
