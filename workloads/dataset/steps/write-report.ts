import { checkDataset } from '#annotation/quality';
import { datasetStats } from '#annotation/stats';
import type { Artifact } from '#core/artifact';
import type { Degradation } from '#core/job';
import { composeManifest, MANIFEST } from '#core/manifest';
import { defineStep, type StepArtifacts } from '#core/step';
import {
  DETECTIONS_FILE,
  type Detected,
  detectedSchema,
  type Extracted,
  extractedSchema,
  FRAMES_FILE,
  frameSchema,
  reportedSchema,
  shardsSchema,
  stepParams,
} from '../contract.ts';
import { readJsonLines } from '../json-lines.ts';
import { countDrops, type FrameFacts } from '../report/report-data.ts';
import { writeReports } from '../report/write-reports.ts';
import { joinPictures } from '../result/pictures.ts';
import { dealOut } from '../result/split-pictures.ts';
import { writeLabels } from '../result/write-labels.ts';
import workload from '../workload.ts';

/** Joins what the steps found into the dataset's documents, reports on it, and closes it with the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 2,
  params: stepParams.WriteReport,
  needs: { ExtractFrames: extractedSchema, PlanShards: shardsSchema, DetectObjects: detectedSchema },
  output: reportedSchema,
  async run({ job, params, outputOf, outputsOf, artifacts }) {
    const { output: extracted, artifacts: frameFiles } = await outputOf('ExtractFrames');
    const { output: plan } = await outputOf('PlanShards');
    const shards = await outputsOf('DetectObjects', plan.shards.length);
    const { name: title } = extracted.input;
    const { classes, ...model } = shards[0]!.output.model;

    const framesPath = await artifacts.local(named(frameFiles, FRAMES_FILE));
    const detections = shards.map((shard) => artifacts.local(named(shard.artifacts, DETECTIONS_FILE)));
    const pictures = await joinPictures(framesPath, await Promise.all(detections));
    const { splits, checks } = dealOut(pictures, frameFiles, params);
    const labels = await writeLabels({ pictures, splits, classes, params, source: title }, artifacts);

    const outcome = outcomeOf(extracted);
    const degraded = degradedShards(shards.map(({ output }) => output));
    const data = {
      title,
      frames: { extracted, drops: countDrops(extracted), timeline: await timelineOf(framesPath) },
      made: { params, model },
      stats: datasetStats(labels.coco),
      quality: [...checkDataset(labels.coco), ...checks],
      degraded,
      classes,
    };
    const reports = await writeReports(data, pictures, picturesFrom(frameFiles, artifacts), artifacts);

    const files = [...frameFiles, ...labels.files, ...reports];
    const facts = { ...outcome, degraded, input: [extracted.input], params, models: [model], reused: job.reused };
    await artifacts.putBytes(MANIFEST, composeManifest(workload, files, facts), { result: MANIFEST });
    return { ...outcome, degraded };
  },
  route: ({ outcome, degraded }) => ({ outcome, degraded }),
});

function outcomeOf({ stoppedAt }: Extracted): { outcome: 'complete' | 'partial'; missing: string[] } {
  if (stoppedAt === undefined) return { outcome: 'complete', missing: [] };
  const { frame, seconds, reason } = stoppedAt;
  return { outcome: 'partial', missing: [`the video after frame ${frame} (${seconds.toFixed(3)} s): ${reason}`] };
}

/** Shards that found no GPU, where one was planned, and ran on the CPU instead. */
function degradedShards(shards: Detected[]): Degradation[] {
  const lesser = shards.filter(({ device, plannedDevice }) => device !== plannedDevice).length;
  if (lesser === 0) return [];
  return [{ step: 'DetectObjects', reason: `${lesser} of ${shards.length} shards ran on CPU instead of GPU` }];
}

async function timelineOf(framesPath: string): Promise<FrameFacts['timeline']> {
  const timeline: FrameFacts['timeline'] = [];
  for await (const line of readJsonLines(framesPath)) {
    const { seconds, verdict } = frameSchema.parse(line);
    timeline.push({ seconds, verdict });
  }
  return timeline;
}

/** Opens the pictures of the contact sheet by their file name. */
function picturesFrom(files: Artifact[], artifacts: StepArtifacts): (file: string) => Promise<Uint8Array> {
  const byName = new Map(files.map((file) => [file.name, file]));
  return (file) => artifacts.read(byName.get(`images/${file}`)!);
}

function named(files: Artifact[], name: string): Artifact {
  return files.find((file) => file.name === name)!;
}
