/** A table in Markdown: the first row is the head. */
export function markdownTable([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Words from outside as inline code: they can neither break the line nor the markup. */
export function inlineCode(text: string): string {
  return `\`${text.replaceAll(/[`\p{Cc}]/gu, ' ')}\``;
}
