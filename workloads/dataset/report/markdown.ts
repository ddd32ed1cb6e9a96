import { inlineCode, markdownTable } from '#core/markdown';
import type { FrameFacts, ReportData } from './report-data.ts';

/** report.md: the numbers of the job, readable as plain text. */
export function reportMarkdown(data: ReportData): string {
  const { frames, made, stats, quality } = data;
  return `${[
    `# Dataset from ${inlineCode(data.title)}`,
    ...notices(data),
    ...(frames ? ['## Frames', markdownTable(frameRows(frames))] : []),
    '## Detections',
    `${stats.annotationCount} detections in ${stats.imageCount} pictures${made ? ` by ${made.model.name} ${made.model.version} (sha256 \`${made.model.sha256}\`)` : ''}.`,
    markdownTable([
      ['Class', 'Detections'],
      ...Object.entries(stats.classDistribution).map(([name, count]) => [inlineCode(name), `${count}`]),
    ]),
    '## Quality of the dataset',
    markdownTable([
      ['Check', 'Result', 'Detail'],
      ...quality.map(({ name, passed, severity, detail }) => [name, passed ? 'passed' : severity, detail]),
    ]),
    ...(made ? ['## Parameters', markdownTable(parameterRows(made.params))] : []),
  ].join('\n\n')}\n`;
}

function notices({ frames, degraded }: ReportData): string[] {
  const stoppedAt = frames?.extracted.stoppedAt;
  return [
    ...(stoppedAt === undefined
      ? []
      : [
          `**Partial**: decoding stopped at frame ${stoppedAt.frame}, ${stoppedAt.seconds.toFixed(3)} s: ${stoppedAt.reason}`,
        ]),
    ...degraded.map(({ step, reason }) => `**Degraded** (${step}): ${reason}`),
  ];
}

function frameRows({ extracted, drops }: FrameFacts): string[][] {
  return [
    ['', ''],
    ['Input', `${extracted.input.bytes} bytes, sha256 \`${extracted.input.sha256}\``],
    ['Picture', `${extracted.width} x ${extracted.height} pixels, ${extracted.durationSeconds.toFixed(2)} s`],
    ['Frames decoded', `${drops.decoded}`],
    ['Not sampled', `${drops.skippedBySampling}`],
    ['Sampled', `${drops.sampled}`],
    ['Dropped as blurry', `${drops.blurry}`],
    ['Dropped as near-duplicates', `${drops.duplicates}`],
    ['Kept', `${drops.kept}`],
    ['Drop ratio (dropped / sampled)', `${(drops.dropRatio * 100).toFixed(2)} %`],
  ];
}

function parameterRows(params: Record<string, unknown>): string[][] {
  return [
    ['Parameter', 'Value'],
    ...Object.entries(params).map(([name, value]) => [name, inlineCode(JSON.stringify(value))]),
  ];
}
