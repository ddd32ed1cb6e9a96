import type { Artifact } from '#core/artifact';
import type { StepArtifacts } from '#core/step';
import { thumbnailJpeg } from '#media/images';
import type { DatasetPicture } from '../result/pictures.ts';
import { CONTACT_PICTURES, spread } from './contact-sheet.ts';
import { reportMarkdown } from './markdown.ts';
import type { ContactPicture, ReportData } from './report-data.ts';
import { reportHtml } from './report-html.ts';

const THUMBNAIL_WIDTH = 480;

/** Writes stats.json, report.md and report.html. `open` gives a picture's bytes by its file name. */
export async function writeReports(
  data: Omit<ReportData, 'contactSheet'>,
  pictures: DatasetPicture[],
  open: (file: string) => Promise<Uint8Array>,
  artifacts: StepArtifacts,
): Promise<Artifact[]> {
  const report = { ...data, contactSheet: await contactPictures(pictures, open) };
  const put = (name: string, content: string) => artifacts.putBytes(name, content, { result: name });
  return [
    await put('stats.json', statsJson(data)),
    await put('report.md', reportMarkdown(report)),
    await put('report.html', reportHtml(report)),
  ];
}

/** The numbers of the reports for programs. */
export function statsJson({ frames, stats, quality }: Omit<ReportData, 'contactSheet'>): string {
  return `${JSON.stringify({ ...(frames ? { frames: frames.drops } : {}), dataset: stats, quality }, null, 2)}\n`;
}

/** Pictures spread over the dataset, those with detections first choice: empty ones show little. */
export async function contactPictures(
  pictures: DatasetPicture[],
  open: (file: string) => Promise<Uint8Array>,
): Promise<ContactPicture[]> {
  const withDetections = pictures.filter(({ detections }) => detections.length > 0);
  const chosen = spread(withDetections.length > 0 ? withDetections : pictures, CONTACT_PICTURES);
  const sheet: ContactPicture[] = [];
  for (const { file, seconds, width, height, detections } of chosen) {
    const jpeg = await thumbnailJpeg(await open(file), THUMBNAIL_WIDTH);
    sheet.push({ file, seconds, width, height, jpeg, detections });
  }
  return sheet;
}
