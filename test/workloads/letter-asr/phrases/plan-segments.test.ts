import { describe, expect, it } from 'vitest';
import { planSegments } from '#workloads/letter-asr/phrases/plan-segments';

const phrases = (count: number) => Array.from({ length: count }, (_, index) => ({ index, expected: ['a_letter'] }));

/** `0:1` is sequence 1 of phrase 0; `!` marks the last one, `v2` a version, `=` what the file holds. */
function segments(...texts: string[]) {
  return texts.map((text) => {
    const [, phrase, sequence, last, version, content] = /^(\d+):(\d+)(!?)(?:v(\d+))?(?:=(\w+))?$/.exec(text)!;
    return {
      file: text,
      phrase: Number(phrase),
      sequence: Number(sequence),
      ...(last ? { last: true } : {}),
      ...(version ? { version: Number(version) } : {}),
      input: { name: text, uri: `/${content ?? text}` },
    };
  });
}

const sameBytes = async (files: { uri: string }[]) => new Set(files.map(({ uri }) => uri)).size === 1;
const plan = (count: number, ...texts: string[]) => planSegments(phrases(count), segments(...texts), sameBytes);

it('segments become phrases in the order of their sequence numbers, whatever the order of the files', async () => {
  const [first, second] = await plan(2, '1:3', '0:2!', '0:1', '1:4!');
  expect(first).toMatchObject({ phrase: { index: 0 }, gaps: [], warnings: [] });
  expect(first!.pieces.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(second!.pieces.map(({ sequence }) => sequence)).toEqual([3, 4]);
});

describe('missing segments are gaps of the phrase that they belong to', () => {
  it.each([
    { name: 'in the middle', files: ['0:1', '0:3', '1:4'], gaps: [[2], []] },
    { name: 'at the beginning of a phrase', files: ['0:1', '0:2!', '1:5'], gaps: [[], [3, 4]] },
    { name: 'at the very beginning', files: ['0:3', '1:4'], gaps: [[1, 2], []] },
    { name: 'counting may begin at 0', files: ['0:0', '0:1', '1:2'], gaps: [[], []] },
    { name: 'of a phrase with nothing are not those of the next one', files: ['0:1', '2:5', '2:6'], gaps: [[], []] },
    { name: 'a phrase that nobody asked for keeps its numbers', files: ['0:1', '1:2', '2:3', '2:4'], gaps: [[], []] },
  ])('$name', async ({ files, gaps }) => {
    expect((await plan(2, ...files)).map((phrase) => phrase.gaps)).toEqual(gaps);
  });

  it('six in a row are a warning', async () => {
    const [phrase] = await plan(1, '0:1', '0:8');
    expect(phrase!.warnings).toEqual(['6 packets in a row are missing']);
    expect((await plan(1, '0:1', '0:7'))[0]!.warnings).toEqual([]);
  });

  it('a sequence number out of all bounds does not fill the memory', async () => {
    expect((await plan(1, '0:1', '0:999999'))[0]!.gaps.length).toBeLessThanOrEqual(10_000);
  });
});

it('a phrase without audio has failed, and the others keep their index', async () => {
  const planned = await plan(3, '0:1!', '2:2!');
  expect(planned.map(({ phrase, failure }) => [phrase.index, failure])).toEqual([
    [0, undefined],
    [1, 'no segment of it is there'],
    [2, undefined],
  ]);
});

describe('two segments claiming the same sequence', () => {
  it('with different bytes fail their phrase, and only that', async () => {
    const planned = await plan(2, '0:1', '0:2=x', '0:2v0=y', '1:3!');
    expect(planned[0]!.failure).toBe('0:2=x and 0:2v0=y both claim the sequence number 2');
    expect(planned[1]!.failure).toBeUndefined();
  });

  it('from different phrases fail both', async () => {
    const planned = await plan(2, '0:1', '0:2=x', '1:2=x', '1:3!');
    expect(planned.map(({ failure }) => failure !== undefined)).toEqual([true, true]);
  });

  it('duplicate segments with the same bytes count once', async () => {
    const [phrase] = await plan(1, '0:1=x', '0:1v0=x');
    expect(phrase).toMatchObject({ warnings: ['0:1v0=x is there twice and counts once'] });
    expect(phrase!.pieces).toHaveLength(1);
    expect(phrase!.failure).toBeUndefined();
  });

  it('of two versions the newer one counts', async () => {
    const [phrase] = await plan(1, '0:1v1=x', '0:1v2=y');
    expect(phrase!.pieces.map(({ file }) => file.name)).toEqual(['0:1v2=y']);
    expect(phrase!.failure).toBeUndefined();
  });
});

it('a segment after the last one of its phrase is told', async () => {
  const [phrase] = await plan(1, '0:1!', '0:5');
  expect(phrase!.warnings).toEqual(['0:5 has the sequence number 5, which lies outside its phrase']);
});
