import { expect, it } from 'vitest';
import { strokesOf, writable } from '#media/render/glyphs';

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
const UNKNOWN = strokesOf('\u{1F600}');

it('every printable character of ASCII has a glyph of its own', () => {
  const drawn = PRINTABLE.map((character) => JSON.stringify(strokesOf(character)));
  expect(new Set(drawn).size).toBe(95);
  expect(drawn).not.toContain(JSON.stringify(UNKNOWN));
});

it('a character without a glyph is an empty box, not nothing', () => expect(UNKNOWN).toHaveLength(1));

it.each([
  { text: 'Bäcker', written: 'Backer' },
  { text: 'señal', written: 'senal' },
  { text: 'person', written: 'person' },
])('$text is written as $written', ({ text, written }) => expect(writable(text)).toBe(written));
