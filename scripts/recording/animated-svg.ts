import type { Span } from './terminal-screen.ts';

/** How the screen looked from a moment on. */
export interface Frame {
  atSeconds: number;
  lines: Span[][];
}

interface Drawing {
  columns: number;
  /** What the picture is, for those who do not see it. */
  title: string;
  /** How long the last frame stays before it begins anew. */
  restSeconds: number;
}

const CHARACTER = 8.4;
const LINE = 20;
const PAD = 16;
const BAR = 30;

/** A line of the screen, and from when until when it stood there. */
interface Appearance {
  row: number;
  spans: Span[];
  from: number;
  to: number;
}

/**
 * A terminal as an SVG that plays by itself and over again, without scripts. Where nothing is animated it shows the end.
 */
export function animatedSvg(frames: Frame[], { columns, title, restSeconds }: Drawing): string {
  const duration = frames.at(-1)!.atSeconds + restSeconds;
  const rows = Math.max(...frames.map(({ lines }) => lines.length));
  const width = Math.ceil(columns * CHARACTER + 2 * PAD);
  const height = rows * LINE + BAR + 2 * PAD;
  const texts = appearances(frames, duration).map((one) => drawn(one, duration));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre; }
.bold { font-weight: 700; } .dim { fill: #8b95a5; } .red { fill: #f28b82; } .green { fill: #8fd18f; } .yellow { fill: #e9c46a; } .blue { fill: #82aaff; } .cyan { fill: #7fd1d8; }
</style>
<rect width="${width}" height="${height}" rx="8" fill="#1b1f27"/>
<g fill="#3b4252"><circle cx="20" cy="18" r="5"/><circle cx="38" cy="18" r="5"/><circle cx="56" cy="18" r="5"/></g>
${texts.join('\n')}
</svg>
`;
}

function appearances(frames: Frame[], duration: number): Appearance[] {
  const done: Appearance[] = [];
  const standing = new Map<number, Appearance>();
  for (const { atSeconds, lines } of frames) {
    const rows = Math.max(lines.length, ...[...standing.keys()].map((row) => row + 1));
    for (let row = 0; row < rows; row += 1) {
      const spans = lines[row] ?? [];
      const before = standing.get(row);
      if (JSON.stringify(before?.spans ?? []) === JSON.stringify(spans)) continue;
      if (before) done.push({ ...before, to: atSeconds });
      if (spans.length > 0) standing.set(row, { row, spans, from: atSeconds, to: duration });
      else standing.delete(row);
    }
  }
  return [...done, ...standing.values()].filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from);
}

function drawn({ row, spans, from, to }: Appearance, duration: number): string {
  const y = BAR + PAD + row * LINE + 14;
  const words = spans.map(({ text, style }) =>
    style === '' ? escaped(text) : `<tspan class="${style}">${escaped(text)}</tspan>`,
  );
  const stays = to === duration;
  const part = (seconds: number) => (seconds / duration).toFixed(4);
  const steps = [
    ...(from > 0 ? [['0', '0']] : []),
    [from > 0 ? part(from) : '0', '1'],
    ...(stays ? [] : [[part(to), '0']]),
  ];
  const animated =
    steps.length === 1
      ? ''
      : `<animate attributeName="opacity" calcMode="discrete" dur="${duration.toFixed(2)}s" repeatCount="indefinite" keyTimes="${steps.map(([time]) => time).join(';')}" values="${steps.map(([, value]) => value).join(';')}"/>`;
  return `<text x="${PAD}" y="${y}" xml:space="preserve"${stays ? '' : ' opacity="0"'}>${words.join('')}${animated}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
