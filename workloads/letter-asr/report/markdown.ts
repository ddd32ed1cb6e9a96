import { IN_WORDS, type ReportData } from './report-data.ts';

/** report.md: what was heard, readable as plain text. */
export function reportMarkdown({
  summary,
  drawn,
  missing,
  degraded,
  notes,
  model,
  params,
  seconds,
}: ReportData): string {
  const { activities, phrases, letters } = summary;
  const letterRows = drawn.flatMap(({ results }) =>
    results.phrases.flatMap(({ phrase_index, letters = [] }) =>
      letters.map(({ item, verdict, heard, reason }) => [
        inlineCode(results.activity_id),
        `${phrase_index}`,
        inlineCode(item),
        verdict,
        heard === null ? '–' : inlineCode(heard),
        reason,
      ]),
    ),
  );
  return `${[
    `# ${IN_WORDS[summary.grade]}`,
    table([
      ['', 'total', ''],
      [
        'Activities',
        `${activities.total}`,
        `${activities.complete} complete, ${activities.partial} partial, ${activities.failed} failed`,
      ],
      [
        'Phrases',
        `${phrases.total}`,
        `${phrases.scored} scored, ${phrases.failed} failed, ${seconds.toFixed(1)} s of sound`,
      ],
      ['Letters', `${letters.total}`, `${letters.correct} right, ${letters.wrong} wrong, ${letters.missing} missing`],
    ]),
    ...missing.map((line) => `**Not scored**: ${inlineCode(line)}`),
    ...degraded.map(({ step, reason }) => `**Degraded**: ${step}: ${reason}`),
    ...notes.map((note) => `**Note**: ${inlineCode(note)}`),
    '## Letters',
    table([['Activity', 'Phrase', 'Letter', 'Verdict', 'Heard', 'Reason'], ...letterRows]),
    '## How it was made',
    table([
      ['', ''],
      ['Model', `${model.name} ${model.version}, sha256 \`${model.sha256}\``],
      ['Parameters', inlineCode(JSON.stringify(params))],
    ]),
  ].join('\n\n')}\n`;
}

function table([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Words from outside as inline code: they can neither break the line nor the markup. */
function inlineCode(text: string): string {
  return `\`${text.replaceAll(/[`\p{Cc}]/gu, ' ')}\``;
}
