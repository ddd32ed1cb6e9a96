/**
 * A stroke font of our own, so that text looks the same on every machine. A glyph is a few strokes apart by blanks; a
 * stroke is its points, two digits each: x from 0 to 4, y from 0 (top of capitals) over 2 (top of small letters) and
 * 6 (baseline) to 8. A point by itself is a dot.
 */
const GLYPHS: Record<string, string> = {
  A: '062046 1434',
  B: '06003041423303 3344453606',
  C: '4130100105163645',
  D: '06003041453606',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '1030 2026 1636',
  J: '4045361605',
  K: '0006 400346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '100105163645413010',
  P: '06003041423303',
  Q: '100105163645413010 2446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  a: '12324346 441405163645',
  b: '0006 0312324345361605',
  c: '4332120305163645',
  d: '4046 4332120305163645',
  e: '04444332120305163645',
  f: '40302126 1232',
  g: '4247381807 4332120305163645',
  h: '0006 0312324346',
  i: '2226 20',
  j: '32372818 30',
  k: '0006 420446',
  l: '10202536',
  m: '0602 03122326 23324346',
  n: '0602 0312324346',
  o: '120305163645433212',
  p: '0208 0312324345361605',
  q: '4248 4332120305163645',
  r: '0602 041232',
  s: '43321203143445361605',
  t: '202536 0242',
  u: '0205163645 4246',
  v: '022642',
  w: '0216243642',
  x: '0246 4206',
  y: '0226 4218',
  z: '02420646',
  0: '100105163645413010 1531',
  1: '112026 1636',
  2: '01103041420646',
  3: '01103041423313 334445361605',
  4: '36300444',
  5: '400003334445361605',
  6: '413010010516364544331304',
  7: '004026',
  8: '100102133342413010 1304051636454433',
  9: '051636454130100102133342',
  ' ': '',
  '!': '2024 26',
  '"': '1012 3032',
  '#': '1016 3036 0242 0444',
  $: '413010010213334445361605 2026',
  '%': '0640 10 36',
  '&': '4611203105162644',
  "'": '2022',
  '(': '30121436',
  ')': '10323416',
  '*': '2125 0244 4204',
  '+': '2125 0343',
  ',': '262718',
  '-': '0343',
  '.': '26',
  '/': '0640',
  ':': '23 26',
  ';': '23 262718',
  '<': '410345',
  '=': '0242 0444',
  '>': '014305',
  '?': '01103041422324 26',
  '@': '453616050110304144242242',
  '[': '30101636',
  '\\': '0046',
  ']': '10303616',
  '^': '122032',
  _: '0747',
  '`': '1021',
  '{': '30212213242536',
  '|': '2027',
  '}': '10212233242516',
  '~': '03123443',
};

/** What stands for a character that has no glyph. */
const UNKNOWN = '0040460600';

/** Font units from one character to the next, of capitals' height, and from their top to the lowest point. */
export const ADVANCE = 6;
export const CAPITAL_HEIGHT = 6;
export const FULL_HEIGHT = 8;

export type Stroke = readonly (readonly [x: number, y: number])[];

/** The strokes of a character, in font units. */
export function strokesOf(character: string): Stroke[] {
  const glyph = Object.hasOwn(GLYPHS, character) ? GLYPHS[character]! : UNKNOWN;
  const strokes = glyph.split(' ').filter((stroke) => stroke !== '');
  return strokes.map((stroke) =>
    Array.from(stroke.matchAll(/(\d)(\d)/g), ([, x, y]) => [Number(x), Number(y)] as const),
  );
}

/** The text as it can be written: accents fall off, as in "Bäcker" → "Backer". */
export function writable(text: string): string {
  return text.normalize('NFD').replace(/\p{Mark}/gu, '');
}
