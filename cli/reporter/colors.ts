import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours for stderr; none where NO_COLOR or a pipe asks for plain text. */
export const colors = {
  red: paint('red'),
  green: paint('green'),
  cyan: paint('cyan'),
  dim: paint('dim'),
};

function paint(style: Style): (text: string) => string {
  return (text) => styleText(style, text, { stream: process.stderr });
}
