import type { Artifact } from '#core/artifact';
import { composeManifest, MANIFEST } from '#core/manifest';
import { defineStep, type StepArtifacts } from '#core/step';
import {
  measuredSchema,
  reportedSchema,
  sampledSchema,
  stepParams,
  TIMELINE_FILE,
  timelineSchema,
} from '../contract.ts';
import { pictureName } from '../evidence/evidence-frames.ts';
import { toPrediction } from '../prediction.ts';
import { reportMarkdown } from '../report/markdown.ts';
import type { ReportData, ReportPicture } from '../report/report-data.ts';
import { reportHtml } from '../report/report-html.ts';
import workload from '../workload.ts';

/** Writes down what was found, for programs and for people, and closes the result with the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 2,
  params: stepParams.WriteReport,
  needs: { SampleFrames: sampledSchema, MeasureClip: measuredSchema },
  output: reportedSchema,
  async run({ job, params, outputOf, artifacts }) {
    const { output: sampled } = await outputOf('SampleFrames');
    const { output: measured, artifacts: measuredFiles } = await outputOf('MeasureClip');
    const timeline = await readTimeline(measuredFiles, artifacts);
    const pictures = await readPictures(sampled.frames, measuredFiles, artifacts);
    const data: ReportData = { title: sampled.input.name, sampled, measured, timeline, pictures, params };

    const put = (name: string, content: string) => artifacts.putBytes(name, content, { result: name });
    const { input: _input, stoppedAt: _stoppedAt, ...picture } = sampled;
    const files = [
      ...measuredFiles,
      await put('result.json', toJson({ ...measured.finding, sampled: picture, ...withoutFinding(measured) })),
      await put('prediction.json', toJson(toPrediction(measured.finding))),
      await put('report.md', reportMarkdown(data)),
      await put('report.html', reportHtml(data)),
    ];
    const outcome = outcomeOf(sampled.stoppedAt);
    const models = [measured.model];
    const facts = { ...outcome, degraded: [], input: [sampled.input], params, models, reused: job.reused };
    await artifacts.putBytes(MANIFEST, composeManifest(workload, files, facts), { result: MANIFEST });
    return { ...outcome, degraded: [] };
  },
  route: ({ outcome, degraded }) => ({ outcome, degraded }),
});

function withoutFinding<T extends { finding: unknown }>({ finding: _finding, ...rest }: T): Omit<T, 'finding'> {
  return rest;
}

function outcomeOf(stoppedAt: { frame: number; seconds: number; reason: string } | undefined) {
  if (stoppedAt === undefined) return { outcome: 'complete' as const, missing: [] };
  const { frame, seconds, reason } = stoppedAt;
  return {
    outcome: 'partial' as const,
    missing: [`the clip after frame ${frame} (${seconds.toFixed(3)} s): ${reason}`],
  };
}

async function readTimeline(files: Artifact[], artifacts: StepArtifacts) {
  const file = files.find(({ name }) => name === TIMELINE_FILE)!;
  return timelineSchema.parse(JSON.parse(Buffer.from(await artifacts.read(file)).toString()));
}

/** The kept frames, in order, each with the JPEG that shows it. */
async function readPictures(
  frames: readonly { index: number; seconds: number }[],
  files: Artifact[],
  artifacts: StepArtifacts,
): Promise<ReportPicture[]> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const pictures: ReportPicture[] = [];
  for (const [frame, { index, seconds }] of frames.entries()) {
    const file = byName.get(pictureName(index));
    if (file) pictures.push({ frame, sourceFrame: index, seconds, jpeg: await artifacts.read(file) });
  }
  return pictures;
}

function toJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
