import type { ReportData } from './report-data.ts';
import { makingOf, numbersOf } from './report-html.ts';

/** report.md: the same numbers for a terminal or a pull request. */
export function reportMarkdown(data: ReportData): string {
  const { title, estimated, checked, cloud, degraded, missing } = data;
  const { registered, frames } = estimated.quality!;
  return `# Model of ${cell(title)}

${registered} of ${frames} frames placed, ${cloud.kind} cloud. Quality: ${checked.verdict}.

${[...degraded.map(({ reason }) => reason), ...missing].map((line) => `> ${cell(line)}.\n`).join('>\n')}
| What | Measured | Unit | Warns at | Fails at | |
|---|---|---|---|---|---|
${checked.checks.map(({ name, value, unit, warnAt, failAt, verdict }) => `| ${name} | ${value} | ${unit} | ${warnAt} | ${failAt} | ${verdict} |`).join('\n')}

${table(numbersOf(data))}

${table(makingOf(data))}
`;
}

function table(rows: [string, string][]): string {
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll(/[|\\`<>*_[\]]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
}
