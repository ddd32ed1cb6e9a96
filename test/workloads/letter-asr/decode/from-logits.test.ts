import { expect, it } from 'vitest';
import { decodeBeam } from '#workloads/letter-asr/decode/ctc-beam';
import { decodeGreedy } from '#workloads/letter-asr/decode/ctc-greedy';
import { segment } from '#workloads/letter-asr/decode/segment';
import { logitsOf, VOCABULARY } from '../logits.ts';

it.each([
  { decoder: 'greedy', decode: decodeGreedy },
  {
    decoder: 'beam',
    decode: (...given: Parameters<typeof decodeGreedy>) => decodeBeam(...given, { width: 8 }),
  },
])('a repeated unit is heard twice, from logits to units, by the $decoder decoder', ({ decode }) => {
  const logits = logitsOf(['b', 'b', '<pad>', 'iː', '|', 'b', '<pad>', 'b', '<unk>']);
  const { units, skipped } = segment(decode(logits, VOCABULARY), { separator: VOCABULARY.separator });
  expect(units.map(({ unit }) => unit)).toEqual(['b iː', 'b', 'b']);
  expect(skipped.map(({ token }) => token)).toEqual(['<unk>']);
});
