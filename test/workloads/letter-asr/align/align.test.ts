import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlignOptions, align } from '#workloads/letter-asr/align/align';
import { scoreOf } from '#workloads/letter-asr/align/score';
import type { ExpectedItem, LetterVerdict } from '#workloads/letter-asr/align/verdict';
import type { HeardUnit } from '#workloads/letter-asr/decode/heard';
import { expectedItem } from '#workloads/letter-asr/phonetics/table';

/** Units a second apart, each 0.8 sure unless it says: `b iː@0.5`. */
function heard(...written: string[]): HeardUnit[] {
  return written.map((one, at) => {
    const [unit, confidence = '0.8'] = one.split('@') as [string, string?];
    const phonemes = unit.split(' ');
    return { unit, phonemes, confidence: Number(confidence), startSeconds: at, endSeconds: at + 0.5 };
  });
}

const expected = (...items: string[]): ExpectedItem[] => items.map((item) => expectedItem(item));
const verdictsOf = (verdicts: readonly LetterVerdict[]) => verdicts.map(({ verdict }) => verdict);

const A_B_C = expected('a_letter', 'b_letter', 'c_letter');

describe('alignment', () => {
  it.each<{ name: string; said: string[]; verdicts: LetterVerdict['verdict'][]; of?: ExpectedItem[] }>([
    {
      name: 'equal sequences are all correct',
      said: ['eɪ', 'b iː', 's iː'],
      verdicts: ['correct', 'correct', 'correct'],
    },
    { name: 'one wrong unit, the last', said: ['eɪ', 'b iː', 'd iː'], verdicts: ['correct', 'correct', 'wrong'] },
    {
      name: 'an unpaired insertion at the start shifts nothing',
      said: ['ɛ m', 'eɪ', 'b iː', 's iː'],
      verdicts: ['correct', 'correct', 'correct'],
    },
    {
      name: 'an unpaired insertion in the middle or at the end shifts nothing',
      said: ['eɪ', 'ɛ m', 'b iː', 's iː', 'ɛ n'],
      verdicts: ['correct', 'correct', 'correct'],
    },
    { name: 'a letter left out in the middle', said: ['eɪ', 's iː'], verdicts: ['correct', 'missing', 'correct'] },
    {
      name: 'a correction of oneself counts',
      said: ['eɪ', 'd iː', 'b iː', 's iː'],
      verdicts: ['correct', 'correct', 'correct'],
    },
    {
      name: 'two letters in the other order',
      said: ['b iː', 'eɪ', 's iː'],
      verdicts: ['correct', 'missing', 'correct'],
    },
    { name: 'nothing heard', said: [], verdicts: ['missing', 'missing', 'missing'] },
    {
      name: 'fewer wrong units than letters: the first letters have them',
      said: ['ɛ m'],
      verdicts: ['wrong', 'missing', 'missing'],
    },
    {
      name: 'the middle one of three equal letters was wrong',
      of: expected('a_letter', 'a_letter', 'a_letter'),
      said: ['eɪ', 'ɛ m', 'eɪ'],
      verdicts: ['correct', 'wrong', 'correct'],
    },
    {
      name: 'of three equal letters two were said: the first two, when nothing tells',
      of: expected('a_letter', 'a_letter', 'a_letter'),
      said: ['eɪ', 'eɪ'],
      verdicts: ['correct', 'correct', 'missing'],
    },
    { name: 'empty expected list', of: [], said: ['eɪ'], verdicts: [] },
    { name: 'empty inputs', of: [], said: [], verdicts: [] },
  ])('$name', ({ of = A_B_C, said, verdicts }) => expect(verdictsOf(align(of, heard(...said)))).toEqual(verdicts));

  it('one wrong unit: the last flag is true, with the unit that was heard and its confidence', () => {
    const verdicts = align(A_B_C, heard('eɪ', 'b iː', 'd iː@0.6'));
    expect(scoreOf(verdicts)).toEqual({
      errors: [false, false, true],
      heard: ['eɪ', 'b iː', 'd iː'],
      confidences: [0.8, 0.8, 0.6],
      errorCount: 1,
      total: 3,
      accuracy: 2 / 3,
    });
    expect(verdicts[2]).toEqual({
      item: 'c_letter',
      verdict: 'wrong',
      heard: 'd iː',
      startSeconds: 2,
      endSeconds: 2.5,
      confidence: 0.6,
      reason: 'another-unit',
    });
  });

  it('an accepted variant keeps its confidence', () => {
    expect(align(expected('b_sound', 'z_letter'), heard('b ə@0.7', 'z ɛ d@0.9'))).toMatchObject([
      { verdict: 'correct', heard: 'b ə', confidence: 0.7, reason: 'accepted' },
      { verdict: 'correct', heard: 'z ɛ d', confidence: 0.9, reason: 'accepted' },
    ]);
  });

  it('an unknown item is always an error, and says why', () => {
    const of = expected('a_letter', 'th_sound', 'c_letter');
    expect(align(of, heard('eɪ', 'd', 's iː'))[1]).toMatchObject({
      verdict: 'wrong',
      heard: 'd',
      reason: 'unknown-item',
    });
    expect(align(of, heard('eɪ', 's iː'))[1]).toMatchObject({
      verdict: 'missing',
      heard: null,
      reason: 'unknown-item',
    });
  });

  it('a missing letter has nothing but its reason', () => {
    expect(align(expected('a_letter'), [])).toEqual([
      {
        item: 'a_letter',
        verdict: 'missing',
        heard: null,
        startSeconds: null,
        endSeconds: null,
        confidence: 0,
        reason: 'nothing-heard',
      },
    ]);
  });

  it('the score of no letters is 0, not a division by nothing', () => {
    expect(scoreOf([])).toMatchObject({ errorCount: 0, total: 0, accuracy: 0 });
  });

  it('lists too long to compare are refused', () => {
    const many = Array.from({ length: 5000 }, () => A_B_C[0]!);
    const units = Array.from({ length: 5000 }, () => heard('eɪ')[0]!);
    expect(() => align(many, units)).toThrow(expect.objectContaining({ name: 'InputError' }));
  });
});

describe('confidence weighting', () => {
  const weighted: AlignOptions = { confidenceWeighting: true };

  it('halves the confidence of an error', () => {
    expect(align(A_B_C, heard('eɪ', 'b iː', 'd iː@0.6'), weighted)[2]).toMatchObject({
      verdict: 'wrong',
      confidence: 0.3,
    });
  });

  it('leaves that of a right letter', () => {
    expect(align(A_B_C, heard('eɪ@0.6'), weighted)[0]).toMatchObject({ verdict: 'correct', confidence: 0.6 });
  });

  it('believes the surer one of two letters that exclude each other', () => {
    const said = heard('b iː@0.3', 'eɪ@0.9', 's iː');
    expect(verdictsOf(align(A_B_C, said))).toEqual(['correct', 'missing', 'correct']);
    const swapped = heard('b iː@0.9', 'eɪ@0.3', 's iː');
    expect(verdictsOf(align(A_B_C, swapped))).toEqual(['correct', 'missing', 'correct']);
    expect(verdictsOf(align(A_B_C, swapped, weighted))).toEqual(['missing', 'correct', 'correct']);
  });
});

const ITEMS = ['a_letter', 'b_letter', 'b_sound', 'c_letter', 'c_sound', 'k_sound', 'th_sound'];
const UNITS = ['eɪ', 'b iː', 'b', 'b ə', 's iː', 'k', 'ɛ m'];
const someExpected = fc.array(fc.constantFrom(...ITEMS), { maxLength: 7 }).map((items) => expected(...items));
const someHeard = fc.array(fc.constantFrom(...UNITS), { maxLength: 7 }).map((units) => heard(...units));
const options = fc.record({ confidenceWeighting: fc.boolean() });

describe('for any lists', () => {
  it('never fails, and the three output lists have the length of the expected one', () => {
    const anything = fc.array(
      fc.record({ unit: fc.string(), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }).map((one) => {
        return { ...heard(one.unit)[0]!, ...one };
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...ITEMS), fc.string())),
        anything,
        options,
        (items, units, rule) => {
          const verdicts = align(expected(...items), units, rule);
          const { errors, heard: said, confidences, total } = scoreOf(verdicts);
          expect([verdicts, errors, said, confidences].map(({ length }) => length)).toEqual(
            Array(4).fill(items.length),
          );
          expect(total).toBe(items.length);
          expect(verdicts.map(({ item }) => item)).toEqual(items);
        },
      ),
    );
  });

  it('takes each unit for one letter at most, in the order in which they were heard', () => {
    fc.assert(
      fc.property(someExpected, someHeard, options, (items, units, rule) => {
        const times = align(items, units, rule).flatMap(({ startSeconds }) => startSeconds ?? []);
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      }),
    );
  });

  it('no other alignment has more right letters, or as many and fewer missing ones, or earlier right ones', () => {
    const few = {
      expected: fc.array(fc.constantFrom(...ITEMS), { maxLength: 4 }),
      heard: fc.array(fc.constantFrom(...UNITS), { maxLength: 4 }),
    };
    fc.assert(
      fc.property(few.expected, few.heard, (items, units) => {
        const found = verdictsOf(align(expected(...items), heard(...units)));
        for (const other of allVerdicts(expected(...items), units))
          expect(compare(found, other)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('inserting any heard unit', () => {
  const insertion = fc.record({ unit: fc.constantFrom(...UNITS), place: fc.nat({ max: 7 }) });

  function withInserted(units: readonly HeardUnit[], { unit, place }: { unit: string; place: number }) {
    const inserted = { ...heard(unit)[0]!, startSeconds: 1000, endSeconds: 1001 };
    return units.toSpliced(Math.min(place, units.length), 0, inserted);
  }

  it('changes nothing at all when the unit is left over', () => {
    fc.assert(
      fc.property(someExpected, someHeard, insertion, (items, units, one) => {
        const before = align(items, units);
        const after = align(items, withInserted(units, one));
        if (after.some(({ startSeconds }) => startSeconds === 1000)) return;
        expect(after).toEqual(before);
      }),
    );
  });

  it('changes no verdict unless the whole becomes a better match', () => {
    fc.assert(
      fc.property(someExpected, someHeard, insertion, (items, units, one) => {
        const before = verdictsOf(align(items, units));
        const after = verdictsOf(align(items, withInserted(units, one)));
        if (String(after) !== String(before)) expect(compare(after, before)).toBeLessThan(0);
      }),
    );
  });

  it('makes no fewer letters right; and one that is accepted for none, exactly as many', () => {
    fc.assert(
      fc.property(someExpected, someHeard, insertion, (items, units, one) => {
        const right = (list: readonly HeardUnit[]) =>
          scoreOf(align(items, list)).errors.filter((error) => !error).length;
        const [before, after] = [right(units), right(withInserted(units, one))];
        expect(after).toBeGreaterThanOrEqual(before);
        if (!items.some(({ accepted }) => accepted?.includes(one.unit))) expect(after).toBe(before);
      }),
    );
  });
});

type Verdict = LetterVerdict['verdict'];

/** The verdicts of every alignment there is. */
function allVerdicts(items: readonly ExpectedItem[], units: readonly string[]): Verdict[][] {
  const [first, ...later] = items;
  if (!first) return [[]];
  const without = allVerdicts(later, units).map((rest): Verdict[] => ['missing', ...rest]);
  const withOne = units.flatMap((unit, at) => {
    const verdict: Verdict = first.accepted?.includes(unit) ? 'correct' : 'wrong';
    return allVerdicts(later, units.slice(at + 1)).map((rest) => [verdict, ...rest]);
  });
  return [...without, ...withOne];
}

/** Negative when `one` is the better: more right letters, then fewer missing ones, then right, then wrong ones earlier. */
function compare(one: readonly Verdict[], other: readonly Verdict[]): number {
  const count = (list: readonly Verdict[], wanted: Verdict) => list.filter((verdict) => verdict === wanted).length;
  const order: Verdict[] = ['correct', 'wrong', 'missing'];
  const firstApart = one.findIndex((verdict, at) => verdict !== other[at]);
  return (
    count(other, 'correct') - count(one, 'correct') ||
    count(one, 'missing') - count(other, 'missing') ||
    (firstApart < 0 ? 0 : order.indexOf(one[firstApart]!) - order.indexOf(other[firstApart]!))
  );
}
