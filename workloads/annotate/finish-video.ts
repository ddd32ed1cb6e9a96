import { join } from 'node:path';
import type { StepArtifacts } from '#core/step';
import { containerFor, type MuxRequest, muxVideo } from '#media/render/mux-video';
import type { Extracted } from './contract.ts';

interface FinishRequest {
  segments: MuxRequest['segments'];
  extracted: Extracted;
  source: MuxRequest['source'];
  artifacts: StepArtifacts;
  scratch: string;
  signal: AbortSignal;
}

/** Joins the segments with the source's sound and leaves the video as a result. @returns its name. */
export async function finishVideo(request: FinishRequest): Promise<string> {
  const { segments, extracted, source, artifacts, scratch, signal } = request;
  const file = `annotated.${containerFor(source.media)}`;
  await muxVideo({
    segments,
    frames: extracted.frames,
    first: stamp(extracted.firstTicks),
    last: stamp(extracted.lastTicks),
    lastDurationTicks: extracted.lastDurationTicks,
    ...{ facts: extracted.facts, source, folder: scratch, file, signal },
  });
  await artifacts.putFile(file, join(scratch, file), { result: file });
  return file;
}

function stamp(ticks: number) {
  return { ticks, key: true };
}
