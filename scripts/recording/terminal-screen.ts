/** A run of characters of one style. */
export interface Span {
  text: string;
  /** The names of styles, in order: `dim green`; empty for plain text. */
  style: string;
}

interface Cell {
  sign: string;
  style: string;
}

const STYLES: Record<string, string> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  36: 'cyan',
};
const RESETS: Record<string, RegExp> = { 22: /bold|dim/, 39: /red|green|yellow|blue|cyan/ };

const ESCAPE = String.fromCharCode(27);
const PIECES = new RegExp(`${ESCAPE}\\[([\\d;?]*)([A-Za-z])|([\\s\\S])`, 'gu');
const UNFINISHED = new RegExp(`${ESCAPE}(?:\\[[\\d;?]*)?$`);

/** As much of a terminal as our commands use: text, colours, and moving and erasing within the last lines. */
export class TerminalScreen {
  private readonly columns: number;
  private cells: Cell[][] = [[]];
  private row = 0;
  private column = 0;
  private styles: string[] = [];
  private rest = '';

  constructor(columns: number) {
    this.columns = columns;
  }

  write(chunk: string): void {
    const text = this.rest + chunk;
    // A sequence that is cut in two by the pipe waits for its end.
    const cut = UNFINISHED.exec(text)?.index ?? text.length;
    this.rest = text.slice(cut);
    for (const [, parameters, command, sign] of text.slice(0, cut).matchAll(PIECES)) {
      if (command !== undefined) this.obey(command, parameters!);
      else this.put(sign!);
    }
  }

  /** The lines as they stand, without what is blank at their ends. */
  lines(): Span[][] {
    return this.cells.map(spansOf);
  }

  private put(sign: string): void {
    if (sign === '\r') this.column = 0;
    else if (sign === '\n') this.moveTo(this.row + 1);
    else if (sign >= ' ') {
      if (this.column === this.columns) {
        this.moveTo(this.row + 1);
        this.column = 0;
      }
      const line = this.cells[this.row]!;
      while (line.length < this.column) line.push({ sign: ' ', style: '' });
      line[this.column] = { sign, style: this.styles.join(' ') };
      this.column += 1;
    }
  }

  private obey(command: string, parameters: string): void {
    const count = Number(parameters) || 1;
    if (command === 'A') this.moveTo(Math.max(0, this.row - count));
    else if (command === 'B') this.moveTo(this.row + count);
    else if (command === 'C') this.column += count;
    else if (command === 'D') this.column = Math.max(0, this.column - count);
    else if (command === 'G') this.column = count - 1;
    else if (command === 'K')
      this.cells[this.row] = parameters === '2' ? [] : this.cells[this.row]!.slice(0, this.column);
    else if (command === 'J') {
      this.cells[this.row] = this.cells[this.row]!.slice(0, this.column);
      this.cells.length = this.row + 1;
    } else if (command === 'm') for (const code of parameters.split(';')) this.restyle(code);
    // Hiding the cursor and the like changes no sign.
    else if (!/[hl]/.test(command)) throw new Error(`The screen does not know ESC [ ${parameters} ${command}.`);
  }

  private restyle(code: string): void {
    const style = STYLES[code];
    if (style) this.styles.push(style);
    else this.styles = this.styles.filter((one) => code in RESETS && !RESETS[code]!.test(one));
  }

  private moveTo(row: number): void {
    this.row = row;
    while (this.cells.length <= row) this.cells.push([]);
  }
}

function spansOf(line: Cell[]): Span[] {
  const end = line.findLastIndex(({ sign }) => sign !== ' ') + 1;
  const spans: Span[] = [];
  for (const { sign, style } of line.slice(0, end)) {
    const last = spans.at(-1);
    if (last?.style === style) last.text += sign;
    else spans.push({ text: sign, style });
  }
  return spans;
}
