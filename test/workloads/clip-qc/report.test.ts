import { describe, expect, it } from 'vitest';
import { clipQcParams, type Measured, type Sampled, type Timeline } from '#workloads/clip-qc/contract';
import { FEATURE_SETS } from '#workloads/clip-qc/features/feature-set';
import { reportMarkdown } from '#workloads/clip-qc/report/markdown';
import type { ReportData } from '#workloads/clip-qc/report/report-data';
import { reportHtml } from '#workloads/clip-qc/report/report-html';

const FRAMES = Array.from({ length: 9 }, (_, frame) => ({ index: frame * 5, seconds: frame / 5 }));
const SAMPLED: Sampled = {
  input: { name: 'clip.mp4', sha256: 'a'.repeat(64), bytes: 1234 },
  width: 640,
  height: 360,
  every: 5,
  frames: FRAMES,
};
const TIMELINE: Timeline = FRAMES.map(({ index, seconds }, frame) => ({
  frame,
  sourceFrame: index,
  seconds,
  text: frame < 3 ? 'OPEN' : '',
  textFrom: 'read',
  ...(frame < 8
    ? { next: { ssim: 0.95, mae: 2, patchInstability: 0, textEdits: frame === 1 ? 2 : 0, cut: frame === 5 } }
    : {}),
}));
const MEASURED: Measured = {
  finding: {
    clipId: 'clip',
    artifact: true,
    category: 'TEXT_INCONSISTENCY',
    confidence: 0.9,
    probabilities: { NONE: 0.1, TEXT_INCONSISTENCY: 0.85, TEMPORAL_FLICKER: 0.05 },
    evidence: {
      level: 'strict',
      boxes: [
        { frame: 1, sourceFrame: 5, seconds: 0.2, box: [10, 20, 60, 44], note: '"OPEN" became "0PEM" (2 edits)' },
      ],
    },
    warnings: [],
  },
  featureSet: 2,
  features: Object.fromEntries(FEATURE_SETS[2].map((name) => [name, 0])),
  segments: 1,
  text: { engine: { name: 'tesseract.js', version: '5.1.0' }, read: 3, reused: 6 },
  model: { name: 'clip-qc-artifacts', version: '1.0.0', sha256: 'b'.repeat(64) },
};
const DATA: ReportData = {
  title: 'clip.mp4',
  sampled: SAMPLED,
  measured: MEASURED,
  timeline: TIMELINE,
  pictures: [{ frame: 1, sourceFrame: 5, seconds: 0.2, jpeg: Buffer.from('JPEG') }],
  params: clipQcParams.parse({}),
};
const CLEAN: ReportData = {
  ...DATA,
  measured: { ...MEASURED, finding: { ...MEASURED.finding, artifact: false, category: 'NONE', evidence: null } },
};

describe('report.html', () => {
  it('needs nothing from outside and runs no script', () => {
    const html = reportHtml(DATA);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|https?:\/\/|src="(?!data:)/);
  });

  it('draws the evidence over its picture in pixels of the sampled frame, with what it is', () => {
    const html = reportHtml(DATA);
    expect(html).toContain('viewBox="0 0 640 360"');
    expect(html).toContain('<rect x="10" y="20" width="50" height="24"');
    expect(html).toContain('&quot;OPEN&quot; became &quot;0PEM&quot; (2 edits)');
  });

  it('shows text, its changes, cuts and evidence over time', () => {
    const html = reportHtml(DATA);
    expect(html.match(/<rect class="text"/g)).toHaveLength(2);
    expect(html.match(/<rect class="changed"/g)).toHaveLength(1);
    expect(html.match(/<line class="cut"/g)).toHaveLength(1);
    expect(html.match(/<line class="evidence"/g)).toHaveLength(1);
  });

  it('shows names and texts that hold markup, and does not run them', () => {
    const title = '<img src=x onerror=alert(1)>.mp4';
    const html = reportHtml({ ...DATA, title, timeline: TIMELINE.map((each) => ({ ...each, text: '<b>"x"</b>' })) });
    expect(html).not.toMatch(/<img src=x|<b>"/);
  });

  it.each([
    { name: 'a clip without a finding', data: CLEAN, says: 'No artifact found' },
    { name: 'a clip of one frame', data: { ...CLEAN, timeline: [{ ...TIMELINE[8]!, frame: 0 }] }, says: 'Over time' },
    {
      name: 'an overruled one',
      data: {
        ...CLEAN,
        measured: { ...CLEAN.measured, finding: { ...CLEAN.measured.finding, override: 'no text was read' } },
      },
      says: 'Overruled: no text was read',
    },
  ])('reports on $name', ({ data, says }) => {
    const html = reportHtml(data);
    expect(html).toContain(says);
    expect(html).not.toContain('NaN');
  });
});

describe('report.md', () => {
  it('tells category, probabilities, evidence and what read', () => {
    const text = reportMarkdown(DATA);
    expect(text).toContain('# Text changes by itself: `clip.mp4`');
    expect(text).toContain('| TEXT_INCONSISTENCY | 0.8500 |');
    expect(text).toContain('| 5 | 0.200 | 10, 20, 60, 44 |');
    expect(text).toContain('tesseract.js 5.1.0: 3 places read, 6 taken over');
  });

  it('does not let a file name break out of its place', () => {
    expect(reportMarkdown({ ...DATA, title: 'a`\n# b|c.mp4' })).toContain('`a  # b|c.mp4`');
  });
});
