import type { VideoFrame } from '#annotation/formats/video-box';
import type { Artifact } from '#core/artifact';
import type { Degradation, JobInput } from '#core/job';
import { composeManifest, MANIFEST } from '#core/manifest';
import { defineStep, type StepArtifacts } from '#core/step';
import { bitDepthFor } from '#media/render/encoders';
import { type PictureLoss, psnrDb } from '#media/render/picture-loss';
import { evenSize } from '#media/render/render-segment';
import {
  type AnnotateParams,
  type Detected,
  detectedSchema,
  type Extracted,
  extractedSchema,
  renderedSchema,
  reportedSchema,
  shardsSchema,
  stepParams,
  TRACKED_FILE,
  type TrackedFrame,
  trackedFrameSchema,
  trackedSchema,
} from '../contract.ts';
import { readLines } from '../json-lines.ts';
import { placesAlong, readLocation } from '../location.ts';
import { reportMarkdown } from '../report/markdown.ts';
import { reportHtml } from '../report/report-html.ts';
import { collectFailures } from '../result/failures.ts';
import { startStats } from '../result/video-stats.ts';
import { writeDetections } from '../result/write-detections.ts';
import workload from '../workload.ts';

/** Writes the detections in every format, statistics and reports, and closes the result with the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 3,
  params: stepParams.WriteReport,
  needs: {
    ExtractFrames: extractedSchema,
    PlanShards: shardsSchema,
    DetectObjects: detectedSchema,
    TrackObjects: trackedSchema,
    RenderVideo: renderedSchema,
    JoinSegments: renderedSchema,
  },
  output: reportedSchema,
  async run({ job, params, outputOf, outputsOf, artifacts, scratch }) {
    const { output: extracted } = await outputOf('ExtractFrames');
    const { output: plan } = await outputOf('PlanShards');
    const shards = (await outputsOf('DetectObjects', plan.shards.length)).map(({ output }) => output);
    const { output: tracked, artifacts: trackedFiles } = await outputOf('TrackObjects');
    const segments = await outputsOf('RenderVideo', tracked.segments.length);
    const rendered = segments.length > 1 ? [...segments, await outputOf('JoinSegments')] : segments;
    const video = rendered.at(-1)!;
    const { detectors, classes } = shards[0]!;

    const file = video.output.file!;
    const stats = startStats(
      extracted,
      classes,
      file,
      psnrDb(lossOf(segments), bitDepthFor(params.codec, extracted.facts)),
    );
    const failures = collectFailures();
    const places = await placesFor(job.input[1], params, artifacts);
    const trackedPath = await artifacts.local(named(trackedFiles, TRACKED_FILE));
    const detections = await writeDetections({
      frames: withPlaces(readLines(trackedPath, trackedFrameSchema), places?.at, (frame) => {
        stats.count(frame);
        failures.note(frame);
      }),
      video: { name: file, ...evenSize(extracted.facts) },
      ...{ classes, places: places?.columns ?? [], source: extracted.input.name, artifacts, scratch },
    });

    const missing = [...missingVideo(extracted), ...failures.sentences()];
    const outcome = { outcome: missing.length === 0 ? ('complete' as const) : ('partial' as const), missing };
    const degraded = degradedShards(shards);
    const { changes } = video.output;
    const data = {
      title: extracted.input.name,
      stats: stats.stats(),
      ...{ extracted, detectors, params, degraded, missing, changes },
    };
    const put = (name: string, content: string) => artifacts.putBytes(name, content, { result: name });
    const reports = [
      await put('stats.json', `${JSON.stringify({ ...data.stats, changes }, null, 2)}\n`),
      await put('report.md', reportMarkdown(data)),
      await put('report.html', reportHtml(data)),
    ];

    const models = detectors.flatMap(({ sha256, ...model }) => (sha256 === undefined ? [] : [{ ...model, sha256 }]));
    const facts = { ...outcome, degraded, input: [extracted.input], params, models, reused: job.reused };
    const files = [...rendered.flatMap(({ artifacts }) => artifacts), ...detections, ...reports];
    await artifacts.putBytes(MANIFEST, composeManifest(workload, files, facts), { result: MANIFEST });
    return { ...outcome, degraded };
  },
  route: ({ outcome, degraded }) => ({ outcome, degraded }),
});

async function placesFor(input: JobInput | undefined, params: AnnotateParams, artifacts: StepArtifacts) {
  if (input === undefined) return undefined;
  return placesAlong(await readLocation(await artifacts.local(input), input.name), params);
}

/** The frames, each with its place where one is known, counted in passing. */
async function* withPlaces(
  frames: AsyncIterable<TrackedFrame>,
  placeAt: ((seconds: number) => Record<string, number> | undefined) | undefined,
  look: (frame: TrackedFrame) => void,
): AsyncGenerator<VideoFrame, void, undefined> {
  for await (const frame of frames) {
    look(frame);
    yield { ...frame, place: placeAt?.(frame.seconds) };
  }
}

function lossOf(segments: { output: { loss?: PictureLoss | undefined } }[]): PictureLoss {
  const losses = segments.flatMap(({ output }) => output.loss ?? []);
  const sum = (of: keyof PictureLoss) => losses.reduce((total, loss) => total + loss[of], 0);
  return { squares: sum('squares'), pixels: sum('pixels') };
}

function missingVideo({ stoppedAt }: Extracted): string[] {
  if (stoppedAt === undefined) return [];
  const { frame, seconds, reason } = stoppedAt;
  return [`the video after frame ${frame} (${seconds.toFixed(3)} s): ${reason}`];
}

/** Shards that found no GPU, where one was planned, and ran on the CPU instead. */
function degradedShards(shards: Detected[]): Degradation[] {
  const lesser = shards.filter(({ device, plannedDevice }) => device !== plannedDevice).length;
  if (lesser === 0) return [];
  return [{ step: 'DetectObjects', reason: `${lesser} of ${shards.length} shards ran on CPU instead of GPU` }];
}

function named(files: Artifact[], name: string): Artifact {
  return files.find((file) => file.name === name)!;
}
