import { describe, expect, it } from 'vitest';
import { expectedItem, PHONETIC_TABLE, phoneticTable } from '#workloads/letter-asr/phonetics/table';
import written from '../../../../workloads/letter-asr/pronunciations.json' with { type: 'json' };

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

describe('the phonetic table', () => {
  it('has a name and a sound for each of the 26 letters', () => {
    const items = LETTERS.flatMap((letter) => [`${letter}_letter`, `${letter}_sound`]);
    expect([...PHONETIC_TABLE.items.keys()].toSorted()).toEqual(items.toSorted());
  });

  it('has at least one pronunciation for each, none of them twice', () => {
    for (const [item, accepted] of PHONETIC_TABLE.items) {
      expect(accepted.length, item).toBeGreaterThan(0);
      expect(new Set(accepted).size, item).toBe(accepted.length);
    }
  });

  it('tells the names of all letters apart', () => {
    const names = LETTERS.map((letter) => new Set(PHONETIC_TABLE.items.get(`${letter}_letter`)));
    for (const [at, one] of names.entries()) {
      for (const other of names.slice(at + 1)) expect([...one].filter((name) => other.has(name))).toEqual([]);
    }
  });

  it.each('bcdfghjklmnpqrstvwxyz'.split(''))('takes the sound of %s with a short vowel behind it', (letter) => {
    const [bare] = PHONETIC_TABLE.items.get(`${letter}_sound`)!;
    expect(PHONETIC_TABLE.items.get(`${letter}_sound`)).toEqual(expect.arrayContaining([`${bare} ə`, `${bare} ʌ`]));
  });

  it('says where its pronunciations are from', () => expect(written.sources.length).toBeGreaterThan(0));

  it('knows every phoneme as a unit of its own', () => {
    for (const phoneme of PHONETIC_TABLE.phonemes) expect(PHONETIC_TABLE.units.longestMatch([phoneme])).toBe(1);
  });

  it('refuses a pronunciation with a phoneme that is not in its list', () => {
    expect(() => phoneticTable({ phonemes: ['b'], items: { b_sound: ['b ə'] } })).toThrow(/has ə/);
  });
});

describe('an expected item', () => {
  it('accepts what the table has, and the reference of the activity', () => {
    expect(expectedItem('z_letter', PHONETIC_TABLE, ['z iː', 'ɪ z ə d']).accepted).toEqual(
      expect.arrayContaining(['z iː', 'z ɛ d', 'ɪ z ə d']),
    );
  });

  it('accepts nothing where the table does not know it, whatever the reference says', () => {
    expect(expectedItem('th_sound', PHONETIC_TABLE, ['d'])).toEqual({ item: 'th_sound', accepted: undefined });
  });
});
