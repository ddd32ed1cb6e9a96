import { describe, expect, it } from 'vitest';
import { toCoco } from '#annotation/formats/coco';
import { checkDataset } from '#annotation/quality';
import { datasetStats } from '#annotation/stats';
import { datasetParams, type Extracted } from '#workloads/dataset/contract';
import { spread } from '#workloads/dataset/report/contact-sheet';
import { reportMarkdown } from '#workloads/dataset/report/markdown';
import { countDrops, type ReportData } from '#workloads/dataset/report/report-data';
import { reportHtml } from '#workloads/dataset/report/report-html';

const CLASSES = ['person', 'vehicle'];

const EXTRACTED: Extracted = {
  input: { name: 'site.mp4', sha256: 'a'.repeat(64), bytes: 1234 },
  decoded: 400,
  damaged: 0,
  sampled: 100,
  blurry: 20,
  duplicates: 30,
  kept: 50,
  width: 1280,
  height: 720,
  durationSeconds: 16,
};

function reportOn(changes: { extracted?: Partial<Extracted>; title?: string; label?: string } = {}): ReportData {
  const extracted = { ...EXTRACTED, ...changes.extracted };
  const label = changes.label ?? 'person';
  const detections = [{ box: [10, 20, 30, 40] as const, score: 0.875, classIndex: 0, label }];
  const picture = { file: 'frame_000000.jpg', width: 1280, height: 720, seconds: 0, detections };
  const coco = toCoco([picture], { description: 'test', classes: [label, ...CLASSES.slice(1)] });
  return {
    title: changes.title ?? 'site.mp4',
    frames: {
      extracted,
      drops: countDrops(extracted),
      timeline: [
        { seconds: 0, verdict: 'kept' },
        { seconds: 1, verdict: 'blurry' },
        { seconds: 2, verdict: 'duplicate' },
      ],
    },
    made: { params: datasetParams.parse({}), model: { name: 'tiny', version: '1.0.0', sha256: 'b'.repeat(64) } },
    stats: datasetStats(coco),
    quality: checkDataset(coco),
    degraded: [],
    classes: CLASSES,
    contactSheet: [{ ...picture, jpeg: Buffer.from('JPEG') }],
  };
}

describe('counting drops', () => {
  it('counts what cleaning removed, and sampling separately', () => {
    expect(countDrops(EXTRACTED)).toMatchObject({ skippedBySampling: 300, sampled: 100, dropRatio: 0.5 });
  });

  it('has a drop ratio of 0 when nothing was sampled', () => {
    expect(countDrops({ ...EXTRACTED, sampled: 0, blurry: 0, duplicates: 0, kept: 0 }).dropRatio).toBe(0);
  });
});

describe('report.md', () => {
  it('tells the drop ratio with two decimals', () => {
    expect(reportMarkdown(reportOn())).toContain('| Drop ratio (dropped / sampled) | 50.00 % |');
  });

  it('tells the detections of each class', () => {
    expect(reportMarkdown(reportOn())).toContain('| `person` | 1 |\n| `vehicle` | 0 |');
  });

  it('says where a cut video stopped', () => {
    const stoppedAt = { frame: 31, seconds: 1.25, reason: 'the file ends there' };
    expect(reportMarkdown(reportOn({ extracted: { stoppedAt } }))).toContain(
      '**Partial**: decoding stopped at frame 31, 1.250 s',
    );
  });

  it('does not let a file name break out of its place', () => {
    expect(reportMarkdown(reportOn({ title: 'a`\n# b|c.mp4' }))).toContain('# Dataset from `a  # b|c.mp4`\n');
  });
});

describe('report.html', () => {
  it('needs nothing from outside and runs no script', () => {
    const html = reportHtml(reportOn());
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|https?:\/\/|src="(?!data:)/);
  });

  it('shows names that hold markup, and does not run them', () => {
    const html = reportHtml(reportOn({ title: '<img src=x onerror=alert(1)>.mp4', label: '<b>"bold"</b>' }));
    expect(html).not.toMatch(/<img src=x|<b>"/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;.mp4');
  });

  it('draws each box over its picture in pixels of the full frame', () => {
    const html = reportHtml(reportOn());
    expect(html).toContain('viewBox="0 0 1280 720"');
    expect(html).toContain('<rect x="10" y="20" width="30" height="40"');
    expect(html).toContain('person 0.88');
  });

  it('shows kept, blurry and duplicate frames over time', () => {
    const bars = [...reportHtml(reportOn()).matchAll(/<rect class="(kept|blurry|duplicate)"/g)].map(
      ([, verdict]) => verdict,
    );
    expect(bars).toEqual(['kept', 'blurry', 'duplicate']);
  });

  it('leaves out what a report on a COCO file alone can not know', () => {
    const { frames: _frames, made: _made, ...alone } = reportOn();
    const html = reportHtml(alone);
    expect(html).not.toContain('Frames over time');
    expect(html).not.toContain('How it was made');
  });

  it('names what is degraded', () => {
    const degraded = [{ step: 'DetectObjects', reason: 'ran on CPU instead of GPU' }];
    expect(reportHtml({ ...reportOn(), degraded })).toContain('Degraded: DetectObjects: ran on CPU instead of GPU');
  });
});

describe('choosing pictures for the contact sheet', () => {
  it.each([
    { name: 'all when they are few', count: 3, most: 24, chosen: [0, 1, 2] },
    { name: 'first and last among them', count: 100, most: 4, chosen: [0, 33, 66, 99] },
  ])('takes $name', ({ count, most, chosen }) => {
    expect(spread([...Array(count).keys()], most)).toEqual(chosen);
  });
});
