import { expect, it } from 'vitest';
import { linesFromTsv } from '#inference/text/tesseract-tsv';

const HEAD = 'level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext';
const word = (page: number, line: number, text: string, left: number, confidence: number) =>
  `5\t${page}\t1\t1\t${line}\t1\t${left}\t10\t20\t8\t${confidence}\t${text}`;

it('joins the words of a line, page by page', () => {
  const tsv = [
    HEAD,
    '1\t1\t0\t0\t0\t0\t0\t0\t90\t40\t-1\t',
    word(1, 1, 'OPEN', 5, 90),
    word(1, 1, 'DAILY', 30, 70),
    word(3, 1, 'EXIT', 5, 96),
  ];
  expect(linesFromTsv(tsv.join('\n'), 3)).toEqual([
    [{ box: [5, 10, 50, 18], text: 'OPEN DAILY', confidence: 0.8 }],
    [],
    [{ box: [5, 10, 25, 18], text: 'EXIT', confidence: 0.96 }],
  ]);
});

it('knows no page beyond those that were asked for', () => {
  expect(linesFromTsv([HEAD, word(2, 1, 'EXIT', 5, 96)].join('\n'), 1)).toEqual([[]]);
});
