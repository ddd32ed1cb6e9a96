import { parse } from 'node:path';
import type { Artifact } from '#core/artifact';
import { defineStep } from '#core/step';
import { openTextReader } from '#inference/text/open-text-reader';
import { jpegOfRgb } from '#media/images';
import { openClipClassifier } from '../classify.ts';
import { FRAMES_FILE, measuredSchema, sampledSchema, stepParams, TIMELINE_FILE } from '../contract.ts';
import { evidenceFrames, pictureName } from '../evidence/evidence-frames.ts';
import { FEATURE_SET } from '../features/feature-set.ts';
import { type FrameFile, openFrameFile } from '../frame-file.ts';
import { judgeClip } from '../judge-clip.ts';
import { measureClip } from '../measure-clip.ts';
import { timelineOf } from '../timeline.ts';

/** Reads the text of the sampled frames, measures them, and judges the clip by what was measured. */
export default defineStep({
  name: 'MeasureClip',
  revision: 2,
  params: stepParams.MeasureClip,
  needs: { SampleFrames: sampledSchema },
  output: measuredSchema,
  async run({ params, outputOf, artifacts, models, progress, signal }) {
    const [{ output: sampled, artifacts: files }, model] = await Promise.all([
      outputOf('SampleFrames'),
      models.fetch(params.model),
    ]);
    const path = await artifacts.local(files.find(({ name }) => name === FRAMES_FILE)!);
    const [classifier, reader] = [await openClipClassifier(model.folder), await openTextReader(params.textEngine)];
    const frames = await openFrameFile(path, { ...sampled, count: sampled.frames.length });
    try {
      const measures = await measureClip(frames, reader, params, { signal, progress });
      const clipId = parse(sampled.input.name).name;
      const finding = await judgeClip({ clipId, sampled, measures, classifier, params });

      const timeline = `${JSON.stringify(timelineOf(measures, sampled.frames), null, 1)}\n`;
      await artifacts.putBytes(TIMELINE_FILE, timeline, { result: TIMELINE_FILE });
      for (const frame of evidenceFrames(finding, frames.count)) {
        await putPicture(frames, frame, sampled.frames[frame]!.index, artifacts);
      }
      const { name, version, sha256 } = model;
      return {
        finding,
        featureSet: FEATURE_SET,
        features: { ...measures.features },
        segments: measures.temporal.segments.length,
        text: { engine: reader.engine, read: measures.texts.read, reused: measures.texts.reused },
        model: { name, version, sha256 },
      };
    } finally {
      await Promise.all([frames.close(), reader.close(), classifier.close()]);
    }
  },
});

async function putPicture(
  frames: FrameFile,
  frame: number,
  sourceFrame: number,
  artifacts: { putBytes(name: string, bytes: Uint8Array, options: { result: string }): Promise<Artifact> },
): Promise<void> {
  const { rgb } = await frames.read(frame);
  const name = pictureName(sourceFrame);
  await artifacts.putBytes(name, await jpegOfRgb(rgb, frames), { result: name });
}
