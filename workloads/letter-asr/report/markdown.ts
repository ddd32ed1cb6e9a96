import { inlineCode, markdownTable } from '#core/markdown';
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
    markdownTable([
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
    markdownTable([['Activity', 'Phrase', 'Letter', 'Verdict', 'Heard', 'Reason'], ...letterRows]),
    '## How it was made',
    markdownTable([
      ['', ''],
      ['Model', `${model.name} ${model.version}, sha256 \`${model.sha256}\``],
      ['Parameters', inlineCode(JSON.stringify(params))],
    ]),
  ].join('\n\n')}\n`;
}
