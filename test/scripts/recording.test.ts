import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { animatedSvg } from '../../scripts/recording/animated-svg.ts';
import { TerminalScreen } from '../../scripts/recording/terminal-screen.ts';

const ESC = String.fromCharCode(27);

/** The lines of a screen that is written to in these chunks. */
function screenOf(...chunks: string[]): string[] {
  const screen = new TerminalScreen(10);
  for (const chunk of chunks) screen.write(chunk.replaceAll('ESC', ESC));
  return screen.lines().map((spans) => spans.map(({ text }) => text).join(''));
}

describe('the screen of a recording', () => {
  it.each([
    { name: 'keeps lines', chunks: ['one\r\ntwo'], lines: ['one', 'two'] },
    { name: 'writes over a line', chunks: ['75 %\r100 %'], lines: ['100 %'] },
    { name: 'breaks a line that is too long', chunks: ['0123456789ab'], lines: ['0123456789', 'ab'] },
    { name: 'erases the line above', chunks: ['one\r\n', 'ESC[1AESC[2KESC[Gtwo'], lines: ['two', ''] },
    { name: 'erases all that follows', chunks: ['one\r\ntwo\r\nESC[2AESC[0Jx'], lines: ['x'] },
    { name: 'moves within a line', chunks: ['abcESC[2DXESC[1CY'], lines: ['aXcY'] },
    { name: 'takes a sequence in two pieces', chunks: ['aESC[', '2Kb'], lines: [' b'] },
    { name: 'shows no hiding of the cursor', chunks: ['ESC[?25laESC[?25h'], lines: ['a'] },
  ])('$name', ({ chunks, lines }) => expect(screenOf(...chunks)).toEqual(lines));

  it('keeps styles, each until it ends', () => {
    const screen = new TerminalScreen(20);
    screen.write(`${ESC}[2ma${ESC}[32mb${ESC}[39mc${ESC}[22md${ESC}[1;31me${ESC}[0mf`);
    expect(screen.lines()).toEqual([
      [
        { text: 'a', style: 'dim' },
        { text: 'b', style: 'dim green' },
        { text: 'c', style: 'dim' },
        { text: 'd', style: '' },
        { text: 'e', style: 'bold red' },
        { text: 'f', style: '' },
      ],
    ]);
  });

  it('says what it does not know, and draws nothing wrong', () => {
    expect(() => screenOf('ESC[3X')).toThrow(/does not know/);
  });
});

describe('the picture of a recording', () => {
  const line = (text: string) => [{ text, style: '' }];
  const svg = animatedSvg(
    [
      { atSeconds: 0, lines: [line('$ a')] },
      { atSeconds: 1, lines: [line('$ a'), line('50 %')] },
      { atSeconds: 3, lines: [line('$ a'), line('done <&>')] },
    ],
    { columns: 40, title: 'A "terminal"', restSeconds: 1 },
  );

  it('shows each line for as long as it stood', () => {
    expect(svg).toContain('opacity="0">50 %<animate');
    expect(svg).toContain('dur="4.00s" repeatCount="indefinite" keyTimes="0;0.2500;0.7500" values="0;1;0"/>');
    expect(svg).toContain('keyTimes="0;0.7500" values="0;1"/>');
  });

  it('shows the end where nothing is animated, and a line that always stood without any animation', () => {
    expect(svg).toContain('xml:space="preserve">$ a</text>');
    expect(svg).toContain('xml:space="preserve">done &lt;&amp;><animate');
  });

  it('runs no script and fetches nothing', () => {
    const drawn = readFileSync(join(import.meta.dirname, '../../docs/images/terminal.svg'), 'utf8');
    for (const text of [svg, drawn]) expect(text).not.toMatch(/<script|href|url\(|@import|foreignObject/);
    expect(drawn.length).toBeLessThan(60_000);
    for (const command of ['submit', 'watch', 'results', 'verify']) expect(drawn).toContain(`stepreel ${command}`);
    expect(drawn).toContain('SUCCEEDED');
  });
});
