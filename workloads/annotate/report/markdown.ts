import { factsOf, type ReportData } from './report-data.ts';

/** report.md. */
export function reportMarkdown(data: ReportData): string {
  const { title, stats, degraded, missing, changes } = data;
  return `${[
    `# ${plain(title)}, annotated`,
    ...missing.map((what) => `**Partial**: without ${plain(what)}`),
    ...degraded.map(({ step, reason }) => `**Degraded** (${step}): ${plain(reason)}`),
    `${stats.total_detections} detections on ${stats.processed_frames} of ${stats.total_frames} frames, ${stats.unique_tracks} tracks, ${stats.video_duration.toFixed(3)} s.`,
    table(
      ['class', 'detections', 'tracks'],
      Object.entries(stats.detection_stats).map(([name, count]) => [name, count, stats.tracks_by_class[name] ?? 0]),
    ),
    '## How it was made',
    table(['what', 'value'], factsOf(data)),
    '## What is not as it was in the source',
    changes.length === 0 ? 'Nothing.' : changes.map((change) => `- ${plain(change)}`).join('\n'),
  ].join('\n\n')}\n`;
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.map((cell) => plain(String(cell))).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that shall not become markup, whoever named the file. */
function plain(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&');
}
