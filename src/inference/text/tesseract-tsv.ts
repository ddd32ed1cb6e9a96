import type { TextLine } from './text-reader.ts';

interface Word {
  box: TextLine['box'];
  text: string;
  confidence: number;
}

// Columns of tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
const WORD_LEVEL = 5;

/** The lines of each of `pages` pictures, from what tesseract writes as TSV for a list of pictures. */
export function linesFromTsv(tsv: string, pages: number): TextLine[][] {
  const found = Array.from({ length: pages }, () => new Map<string, Word[]>());
  for (const row of tsv.split('\n')) {
    const cells = row.replace(/\r$/, '').split('\t');
    const [level, page, block, paragraph, line, , left, top, width, height, confidence] = cells.map(Number) as number[];
    const text = cells.slice(11).join('\t').trim();
    if (level !== WORD_LEVEL || text === '') continue;
    const lines = found[page! - 1];
    if (!lines) continue;
    const key = `${block} ${paragraph} ${line}`;
    const word: Word = { box: [left!, top!, left! + width!, top! + height!], text, confidence: confidence! / 100 };
    lines.set(key, [...(lines.get(key) ?? []), word]);
  }
  return found.map((lines) => [...lines.values()].map(joinWords));
}

function joinWords(words: Word[]): TextLine {
  return {
    box: [
      Math.min(...words.map(({ box }) => box[0])),
      Math.min(...words.map(({ box }) => box[1])),
      Math.max(...words.map(({ box }) => box[2])),
      Math.max(...words.map(({ box }) => box[3])),
    ],
    text: words.map(({ text }) => text).join(' '),
    confidence: words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length,
  };
}
