import { inlineCode, markdownTable } from '#core/markdown';
import { CATEGORIES } from '../result.ts';
import { IN_WORDS, type ReportData } from './report-data.ts';

/** report.md: what was found, readable as plain text. */
export function reportMarkdown({ title, sampled, measured, params }: ReportData): string {
  const { finding, text, model } = measured;
  return `${[
    `# ${IN_WORDS[finding.category]}: ${inlineCode(title)}`,
    ...(finding.override ? [`**Overruled**: ${finding.override}.`] : []),
    ...(finding.secondary ? [`**Beside it** there are signs of ${finding.secondary}.`] : []),
    ...finding.warnings.map((warning) => `**Note**: ${warning}.`),
    markdownTable([
      ['Category', 'Probability'],
      ...CATEGORIES.map((name) => [name, finding.probabilities[name].toFixed(4)]),
    ]),
    ...(finding.evidence
      ? [
          `## Evidence (${finding.evidence.level})`,
          markdownTable([
            ['Frame', 'Seconds', 'Box', 'What'],
            ...finding.evidence.boxes.map(({ sourceFrame, seconds, box, note }) => [
              `${sourceFrame}`,
              seconds.toFixed(3),
              box.map((edge) => Math.round(edge)).join(', '),
              inlineCode(note),
            ]),
          ]),
        ]
      : []),
    '## How it was measured',
    markdownTable([
      ['', ''],
      ['Input', `${sampled.input.bytes} bytes, sha256 \`${sampled.input.sha256}\``],
      [
        'Frames',
        `${sampled.frames.length}, every ${sampled.every}. of the source, ${sampled.width} x ${sampled.height}`,
      ],
      ['Text', `${text.engine.name} ${text.engine.version}: ${text.read} places read, ${text.reused} taken over`],
      ['Model', `${model.name} ${model.version}, sha256 \`${model.sha256}\``],
      ['Parameters', inlineCode(JSON.stringify(params))],
    ]),
  ].join('\n\n')}\n`;
}
