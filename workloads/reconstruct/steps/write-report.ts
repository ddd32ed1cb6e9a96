import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '#core/artifact';
import { composeManifest, MANIFEST } from '#core/manifest';
import { defineStep, type StepArtifacts } from '#core/step';
import { thumbnailJpeg } from '#media/images';
import { readModel, type SparseModel } from '#photogrammetry/model-text';
import { readPly } from '#photogrammetry/ply';
import {
  CLOUD_FILE,
  checkedSchema,
  cloudSchema,
  type Estimated,
  estimatedSchema,
  featuresSchema,
  MESH_FILE,
  type Meshed,
  matchedSchema,
  meshedSchema,
  reportedSchema,
  type Selected,
  selectedSchema,
  stepParams,
} from '../contract.ts';
import { previewPictures } from '../report/preview-pictures.ts';
import { intermediates, type ReportData } from '../report/report-data.ts';
import { reportHtml } from '../report/report-html.ts';
import { reportMarkdown } from '../report/report-markdown.ts';
import { sceneData } from '../report/scene-data.ts';
import workload from '../workload.ts';

const PREVIEWS = 4;
const THUMBNAILS = 24;
const THUMBNAIL_WIDTH = 200;

/** Writes the quality, the model to turn and the reports, and closes the result with the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 1,
  params: stepParams.WriteReport,
  needs: {
    SelectFrames: selectedSchema,
    ExtractFeatures: featuresSchema,
    MatchFeatures: matchedSchema,
    EstimateCameras: estimatedSchema,
    CheckQuality: checkedSchema,
    DensifyCloud: cloudSchema,
    BuildMesh: meshedSchema,
  },
  output: reportedSchema,
  async run({ job, params, outputOf, artifacts, scratch }) {
    const { output: selected, artifacts: selectedFiles } = await outputOf('SelectFrames');
    const { output: features } = await outputOf('ExtractFeatures');
    const { output: matched } = await outputOf('MatchFeatures');
    const { output: estimated, artifacts: estimatedFiles } = await outputOf('EstimateCameras');
    const { output: checked } = await outputOf('CheckQuality');
    const { output: cloud, artifacts: cloudFiles } = await outputOf('DensifyCloud');
    const { output: meshed, artifacts: meshFiles } = await outputOf('BuildMesh');

    const model = await takeModel(estimatedFiles, join(scratch, 'model'), artifacts);
    // Of a sparse cloud every point is shown, and not only those that carry the surface.
    const shown = cloud.kind === 'dense' ? await readCloud(cloudFiles, artifacts) : model.points;
    const mesh = await readMesh(meshFiles, artifacts);
    const missing = missingOf(selected, estimated, meshed);
    const degraded = cloud.degraded === undefined ? [] : [{ step: 'DensifyCloud', reason: cloud.degraded }];
    const data: ReportData = {
      title: selected.input.length === 1 ? selected.input[0]!.name : `${selected.input.length} pictures`,
      ...{ selected, features, matched, estimated, checked, cloud, meshed, params, missing, degraded },
      scene: sceneData(model, shown, mesh),
      thumbnails: await thumbnailsOf(selected, estimated, selectedFiles, artifacts),
    };

    const put = (name: string, content: string | Uint8Array) => artifacts.putBytes(name, content, { result: name });
    const written = [await put('quality.json', qualityJson(data))];
    for (const [number, { jpeg }] of (await previewPictures(model, shown, PREVIEWS)).entries()) {
      written.push(await put(`preview-${number + 1}.jpg`, jpeg));
    }
    written.push(await put('report.md', reportMarkdown(data)), await put('report.html', reportHtml(data)));

    const outcome = missing.length === 0 ? ('complete' as const) : ('partial' as const);
    const facts = { outcome, missing, degraded, input: selected.input, params, models: [], reused: job.reused };
    const files = [...selectedFiles, ...estimatedFiles, ...cloudFiles, ...meshFiles, ...written];
    await artifacts.putBytes(MANIFEST, composeManifest(workload, files, facts), { result: MANIFEST });
    return { outcome, missing, degraded };
  },
  route: ({ outcome, degraded }) => ({ outcome, degraded }),
});

/** What was asked for and has no result. Frames that found no place are a matter of quality, and told there. */
function missingOf({ stoppedAt, unreadable }: Selected, { models }: Estimated, { missing }: Meshed): string[] {
  return [
    ...(stoppedAt
      ? [`the video after frame ${stoppedAt.frame} (${stoppedAt.seconds.toFixed(3)} s): ${stoppedAt.reason}`]
      : []),
    ...unreadable.map(({ name, reason }) => `the picture ${name}: ${reason}`),
    ...(models.length > 1 ? [`${models.length - 1} smaller models, which don't join the largest one`] : []),
    ...(missing === undefined ? [] : [`the mesh: ${missing}`]),
  ];
}

async function takeModel(files: Artifact[], folder: string, artifacts: StepArtifacts): Promise<SparseModel> {
  await mkdir(folder, { recursive: true });
  for (const file of files.filter(({ name }) => name.startsWith('colmap/'))) {
    await writeFile(join(folder, file.name.slice('colmap/'.length)), await artifacts.read(file));
  }
  return readModel(folder);
}

async function readCloud(files: Artifact[], artifacts: StepArtifacts) {
  return readPly(await artifacts.read(files.find(({ name }) => name === CLOUD_FILE)!));
}

async function readMesh(files: Artifact[], artifacts: StepArtifacts) {
  const file = files.find(({ name }) => name === MESH_FILE);
  if (!file) return undefined;
  const { positions, colours, faces } = readPly(await artifacts.read(file));
  return { positions: Float32Array.from(positions), faces: faces!, ...(colours ? { colours } : {}) };
}

/** Some of the chosen frames, evenly, and all that found no place as far as there is room. */
async function thumbnailsOf(
  { frames }: Selected,
  { lost }: Estimated,
  files: Artifact[],
  artifacts: StepArtifacts,
): Promise<ReportData['thumbnails']> {
  const step = Math.max(1, Math.ceil(frames.length / THUMBNAILS));
  const wanted = frames.filter(({ file }, at) => at % step === 0 || lost.includes(file)).slice(0, 2 * THUMBNAILS);
  const thumbnails: ReportData['thumbnails'] = [];
  for (const { file } of wanted) {
    const picture = await artifacts.read(files.find(({ name }) => name === `frames/${file}`)!);
    thumbnails.push({ file, jpeg: await thumbnailJpeg(picture, THUMBNAIL_WIDTH), placed: !lost.includes(file) });
  }
  return thumbnails;
}

function qualityJson({ estimated, checked, cloud, meshed, selected, matched, features }: ReportData): string {
  const document = {
    verdict: checked.verdict,
    checks: checked.checks,
    models: estimated.models,
    lost: estimated.lost,
    matches: matched.facts,
    cloud,
    mesh: meshed,
    selection: { candidates: selected.candidates, chosen: selected.frames.length, refused: selected.refused },
    intermediates: intermediates({ features, matched }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
